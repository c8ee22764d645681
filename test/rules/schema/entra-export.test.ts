// A schema as Entra exports it goes in and comes out the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSchema } from '../../../src/rules/schema/read-schema.ts';
import { writeSchema } from '../../../src/rules/schema/write-schema.ts';
import { current, read, wire } from './documents.ts';

const exported = JSON.parse(readFileSync(join(import.meta.dirname, 'entra-export.json'), 'utf8')) as Record<
  string,
  unknown
>;

describe('a schema exported by Entra', () => {
  it('is accepted as it is and given back member for member, those that nobody here uses among them', () => {
    const result = readSchema(exported, { id: 'x', version: 'v1.3', current });
    expect(result.ok ? [] : result.findings).toEqual([]);
    if (!result.ok) return;
    const members = Object.entries(exported).filter(([name]) => !name.startsWith('@'));
    expect(writeSchema(result.schema)).toEqual(Object.fromEntries(members));
    expect(readSchema(writeSchema(result.schema), { id: 'x', version: 'v1.3', current })).toMatchObject({
      ok: true,
      schema: result.schema,
    });
  });

  it('keeps unknown members at every level', () => {
    const document: Record<string, unknown> = { ...wire(), newInGraph: { deep: [1, null] } };
    const rules = document['synchronizationRules'] as { objectMappings: Record<string, unknown>[] }[];
    const mapping = rules[0]?.objectMappings[0];
    if (mapping === undefined) throw new Error('no mapping');
    mapping['futureSetting'] = 'kept';
    (mapping['attributeMappings'] as Record<string, unknown>[]).forEach((one) => (one['hint'] = 1));
    const result = read(document);
    const written = result.ok ? JSON.stringify(writeSchema(result.schema)) : '';
    expect(written).toContain('"newInGraph":{"deep":[1,null]}');
    expect(written).toContain('"futureSetting":"kept"');
    expect(written.match(/"hint":1/g)).toHaveLength(22);
  });

  it('is refused with a text that the database cannot keep', () => {
    const result = read({ ...wire(), note: 'a\u0000b' });
    const errors = result.ok ? [] : result.findings.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ path: 'note', code: 'SchemaInvalid' }]);
  });
});
