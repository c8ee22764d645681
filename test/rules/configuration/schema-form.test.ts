// A schema written in the short form comes back as it was, whatever is in it.
import { describe, expect, it } from 'vitest';
import { jobTemplates } from '../../../config/applications/index.ts';
import { graphMapping, mappingForm, sameForm } from '../../../src/rules/configuration/mapping-form.ts';
import { schemaForm, toSchema } from '../../../src/rules/configuration/schema-form.ts';
import type { Json, JsonObject } from '../../../src/rules/model/json.ts';
import { writeSchema } from '../../../src/rules/schema/write-schema.ts';

const scim = jobTemplates.find(({ id }) => id === 'scim');
if (scim === undefined) throw new Error('there is no template scim');
const base = writeSchema(scim.schema);
const plain = (schema: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== 'id' && name !== 'version'));
const rules = (schema: JsonObject) => schema['synchronizationRules'] as readonly JsonObject[];
const mappings = (schema: JsonObject) => rules(schema)[0]?.['objectMappings'] as readonly JsonObject[];
const users = mappings(base)[0] ?? {};

describe('the short form', () => {
  it.each(jobTemplates.map(({ id, schema }) => [id, writeSchema(schema)] as const))(
    'of the template %s leads back to it, and says nothing in Graph’s own words',
    (_id, schema) => {
      const form = schemaForm(schema, schema);
      expect(form.schema).toBeUndefined();
      expect(JSON.stringify(form)).not.toContain('"graph"');
      expect(plain(toSchema(form, schema))).toEqual(plain(schema));
    },
  );

  it('is one line for an ordinary attribute', () => {
    const attributes = mappingForm(users)['attributes'] as JsonObject;
    expect(attributes['userName']).toEqual({ expression: '[userPrincipalName]', match: 1 });
    expect(attributes['displayName']).toBe('[displayName]');
  });

  it('writes a filter as rows', () => {
    const scope = {
      groups: [
        {
          name: 'Sales',
          clauses: [
            { sourceOperandName: 'department', operatorName: 'EQUALS', targetOperand: { values: ['Sales'] } },
            { sourceOperandName: 'jobTitle', operatorName: 'IS NOT NULL', targetOperand: null },
          ],
        },
      ],
      inputFilterGroups: [],
      categoryFilterGroups: [],
    };
    const form = mappingForm({ ...users, scope });
    expect(form['filter']).toEqual([
      {
        name: 'Sales',
        all: [
          ['department', 'EQUALS', 'Sales'],
          ['jobTitle', 'IS NOT NULL'],
        ],
      },
    ]);
    expect(graphMapping(form)['scope']).toEqual(scope);
  });

  it('takes numbers and truth values of YAML as the texts that they stand for', () => {
    const { scope } = graphMapping({
      source: 'User',
      target: 'User',
      filter: [{ all: [['employeeId', 'EQUALS', 42]] }],
    });
    expect(scope).toMatchObject({ groups: [{ clauses: [{ targetOperand: { values: ['42'] } }] }] });
  });

  const attribute = (change: JsonObject): JsonObject => {
    const [first = {}] = users['attributeMappings'] as readonly JsonObject[];
    return { ...users, attributeMappings: [{ ...first, ...change }] };
  };
  it.each<[string, JsonObject]>([
    ['a mapping that is off', { ...users, enabled: false, flowTypes: 'None' }],
    ['its metadata', { ...users, metadata: [{ key: 'a', value: 'b' }] }],
    ['members that nobody knows', { ...users, later: { a: [1] } }],
    [
      'filters of input',
      { ...users, scope: { groups: [], inputFilterGroups: [{ name: null, clauses: [] }], categoryFilterGroups: [] } },
    ],
    ['an empty scope', { ...users, scope: { groups: [], inputFilterGroups: [], categoryFilterGroups: [] } }],
    ['a default value', attribute({ defaultValue: '' })],
    ['a mapping without source', attribute({ source: null, defaultValue: 'x' })],
    ['a flow', attribute({ flowType: 'ObjectAddOnly', flowBehavior: 'FlowAlways', exportMissingReferences: true })],
    ['a value that may be cleared', attribute({ flowNullValues: false })],
    ['members of an attribute mapping that nobody knows', attribute({ later: null })],
    [
      'a source that its text does not lead back to',
      attribute({ source: { type: 'Attribute', name: 'mail', expression: '[mail]', parameters: [], later: 1 } }),
    ],
    [
      'the same target twice',
      {
        ...users,
        attributeMappings: [...(users['attributeMappings'] as Json[]), ...(users['attributeMappings'] as Json[])],
      },
    ],
  ])('keeps %s', (_what, mapping) => expect(sameForm(graphMapping(mappingForm(mapping)), mapping)).toBe(true));

  it('keeps several rules, and what else differs from the template', () => {
    const second = { ...rules(base)[0], id: 'second', name: 'Second', containerFilter: { a: 1 } };
    const schema = { ...base, synchronizationRules: [...rules(base), second], later: [1] };
    const form = schemaForm(schema, base);
    expect(Object.keys(form.schema ?? {}).sort()).toEqual(['later', 'synchronizationRules']);
    expect(plain(toSchema(form, base))).toEqual(plain(schema));
  });
});
