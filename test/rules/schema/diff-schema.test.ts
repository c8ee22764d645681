import { describe, expect, it } from 'vitest';
import { jobTemplate } from '../../../config/applications/job-template.ts';
import { scim } from '../../../config/applications/scim.ts';
import { readSchema } from '../../../src/rules/schema/read-schema.ts';
import { schemaChanges } from '../../../src/rules/schema/diff-schema.ts';
import { writeSchema } from '../../../src/rules/schema/write-schema.ts';
import type { SynchronizationSchema } from '../../../src/rules/model/schema.ts';

const scimTemplate = jobTemplate(scim);

interface Mapping {
  targetAttributeName: string;
  source: unknown;
  [name: string]: unknown;
}
interface Document {
  synchronizationRules: {
    objectMappings: { attributeMappings: Mapping[]; scope: unknown; flowTypes: string; [name: string]: unknown }[];
  }[];
  directories: { name: string; objects: { name: string; attributes: { name: string; [key: string]: unknown }[] }[] }[];
}

/** The template after an edit of its document, as it would be saved. */
function edited(edit: (users: Document['synchronizationRules'][0]['objectMappings'][0], document: Document) => void) {
  const document = structuredClone(writeSchema(scimTemplate.schema)) as unknown as Document;
  const users = document.synchronizationRules[0]?.objectMappings[0];
  if (users === undefined) throw new Error('the template has no mapping of users');
  edit(users, document);
  const read = readSchema(document, { id: 'x', version: '9.0', current: scimTemplate.schema });
  if (!read.ok) throw new Error(read.findings.map(({ message }) => message).join(' '));
  return read.schema;
}
const changesOf = (after: SynchronizationSchema) => schemaChanges(scimTemplate.schema, after);
const mapping = (users: { attributeMappings: Mapping[] }, name: string): Mapping => {
  const found = users.attributeMappings.find(({ targetAttributeName }) => targetAttributeName === name);
  if (found === undefined) throw new Error(`no mapping of ${name}`);
  return found;
};

describe('what two schemas differ in', () => {
  it('is nothing for the same schema, whatever its id, version and order', () => {
    expect(changesOf(edited((users) => users.attributeMappings.reverse()))).toEqual([]);
  });

  it('names a changed expression by its mapping', () => {
    const after = edited((users) => {
      mapping(users, 'displayName').source = {
        type: 'Function',
        name: 'ToUpper',
        expression: 'ToUpper([displayName])',
      };
    });
    expect(changesOf(after)).toEqual([
      {
        kind: 'changed',
        where: 'User › displayName › source',
        before: '[displayName]',
        after: 'ToUpper([displayName])',
      },
    ]);
  });

  it('tells added and removed mappings by what they map', () => {
    const after = edited((users) => {
      const title = users.attributeMappings.findIndex(({ targetAttributeName }) => targetAttributeName === 'title');
      users.attributeMappings.splice(title, 1);
      users.attributeMappings.push({
        targetAttributeName: 'nickName',
        source: { type: 'Attribute', name: 'mailNickname' },
      });
    });
    expect(changesOf(after)).toEqual([
      { kind: 'removed', where: 'User › title', before: '[jobTitle]', after: null },
      { kind: 'added', where: 'User › nickName', before: null, after: '[mailNickname]' },
    ]);
  });

  it('tells flags, switches and the scope in words', () => {
    const clause = { sourceOperandName: 'department', operatorName: 'EQUALS', targetOperand: { values: ['Sales'] } };
    const after = edited((users) => {
      users.flowTypes = 'Add,Update';
      users['enabled'] = false;
      users.scope = {
        groups: [{ name: 'x', clauses: [clause, { ...clause, operatorName: 'IS NOT NULL', targetOperand: null }] }],
      };
    });
    const changes = changesOf(after);
    expect(changes.map(({ where, before, after: now }) => [where, before, now])).toEqual(
      expect.arrayContaining([
        ['User › enabled', true, false],
        ['User › flowTypes', 'Add,Update,Delete', 'Add,Update'],
      ]),
    );
    expect(changes.filter(({ where }) => where.startsWith('User › scope'))).toEqual([
      {
        kind: 'added',
        where: 'User › scope › groups',
        before: null,
        after: '(department EQUALS "Sales" and department IS NOT NULL)',
      },
    ]);
    const back = schemaChanges(
      after,
      edited(() => undefined),
    );
    expect(back.find(({ where }) => where === 'User › scope › groups')?.kind).toBe('removed');
    const wider = edited((users) => {
      users.scope = { groups: [{ name: 'x', clauses: [clause] }] };
    });
    const narrower = edited((users) => {
      users.scope = { groups: [{ name: 'x', clauses: [clause, { ...clause, targetOperand: { values: ['"x"'] } }] }] };
    });
    expect(schemaChanges(wider, narrower)).toEqual([
      {
        kind: 'changed',
        where: 'User › scope › groups',
        before: '(department EQUALS "Sales")',
        after: String.raw`(department EQUALS "Sales" and department EQUALS "\"x\"")`,
      },
    ]);
  });

  it('names a changed definition by its directory and object', () => {
    const after = edited((_users, { directories }) => {
      const attributes = directories[1]?.objects[0]?.attributes ?? [];
      attributes.push({ name: 'urn:contoso:User:badge', type: 'Integer' });
    });
    const [change, ...others] = changesOf(after);
    expect(others).toEqual([]);
    expect(change).toMatchObject({ kind: 'added', before: null, after: 'Integer' });
    expect(change?.where).toMatch(/^directories › customappsso › objects › .*User › urn:contoso:User:badge$/);
  });
});
