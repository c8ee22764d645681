// What is kept of values that nobody may see, and what comparing with it still tells.
import { describe, expect, it } from 'vitest';
import type { AttributeMapping } from '../../../src/rules/model/schema.ts';
import type { Json } from '../../../src/rules/model/json.ts';
import type { KnownAttributes } from '../../../src/rules/model/target.ts';
import { diffAttributes } from '../../../src/rules/planning/diff.ts';
import { sealed, sealOf } from '../../../src/rules/planning/seal.ts';
import type { Seal } from '../../../src/rules/planning/seal.ts';
import { fingerprinter } from '../../../src/store/secrets/fingerprint.ts';
import { definition, mapping, sampleRule } from '../mapping/sample-schema.ts';

const fingerprint = fingerprinter(Buffer.alloc(32, 1));
const seal = sealOf('u1', fingerprint);

function ruleOf(path: string, expression: string, flow: Partial<AttributeMapping> = {}, multivalued = false) {
  return sampleRule('User', {
    users: { attributeMappings: [mapping(path, expression, flow)] },
    definitions: [definition(path, { multivalued, caseExact: false })],
  });
}
const secretly = (flow: Partial<AttributeMapping> = {}, multivalued = false) =>
  ruleOf('x', 'Redact([employeeId])', flow, multivalued);
const kept = (value: Json, rule = secretly(), by: Seal = seal) => sealed(rule, { x: value }, by);
const changes = (known: KnownAttributes, desired: Json, rule = secretly(), by: Seal = seal) =>
  diffAttributes(rule.mappings, { x: desired }, known, by);

describe('invariant 11: a value that nobody may see', () => {
  it.each<[string, string, string]>([
    ['of an expression that says Redact', 'x', 'Redact([employeeId])'],
    ['that is a password', 'password', '[employeeId]'],
    ['that is a password in an extension', 'urn:example:2.0:User:Password', '[employeeId]'],
  ])('%s is kept as a fingerprint', (_, path, expression) => {
    const known = sealed(ruleOf(path, expression), { [path]: 'hemlig' }, seal);
    expect(JSON.stringify(known)).not.toContain('hemlig');
    expect(JSON.stringify(known)).toMatch(/"hmac-sha256":"[0-9a-f]{64}"/);
  });

  it('has another fingerprint for another object, attribute, value or key', () => {
    const prints = [
      kept('hemlig'),
      kept('hemlig', secretly(), sealOf('u2', fingerprint)),
      sealed(ruleOf('password', '[mail]'), { password: 'hemlig' }, seal),
      kept('Hemlig 2'),
      kept('hemlig', secretly(), sealOf('u1', fingerprinter(Buffer.alloc(32, 2)))),
    ].map((known) => JSON.stringify(Object.values(known)));
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('leaves other attributes as they are, and is sealed once', () => {
    expect(sealed(ruleOf('x', '[employeeId]'), { x: 'seen' }, seal)).toEqual({ x: 'seen' });
    expect(sealed(secretly(), kept('hemlig'), seal)).toEqual(kept('hemlig'));
  });
});

describe('compared with what is kept, a value', () => {
  it.each<[string, KnownAttributes, Json]>([
    ['that is the same is no change', kept('hemlig'), 'hemlig'],
    ['in another case is none where case does not count', kept('Hemlig'), 'hemlig'],
    ['that an earlier version kept in clear is none', { x: 'hemlig' }, 'hemlig'],
    ['that is empty is none where nothing stands', {}, ''],
  ])('%s', (_, known, desired) => {
    expect(changes(known, desired)).toEqual([]);
  });

  it('that differs is written as it is, and remembered by its fingerprint', () => {
    expect(changes(kept('hemlig'), 'hemligare')).toEqual([
      {
        path: 'x',
        op: 'replace',
        before: kept('hemlig')['x'],
        after: 'hemligare',
        redacted: { kept: kept('hemligare')['x'] },
      },
    ]);
  });

  it('is written anew after the key was exchanged', () => {
    const other = sealOf('u1', fingerprinter(Buffer.alloc(32, 2)));
    expect(changes(kept('hemlig', secretly(), other), 'hemlig')).toMatchObject([{ op: 'replace', after: 'hemlig' }]);
  });

  it('that is cleared is removed', () => {
    expect(changes(kept('hemlig'), null)).toMatchObject([{ op: 'remove', after: null, redacted: { kept: null } }]);
  });

  it('is added to a list beside those that are there', () => {
    const rule = secretly({ flowType: 'MultiValueAddOnly' }, true);
    const known = kept(['one', 'two'], rule);
    expect(JSON.stringify(known)).not.toContain('one');
    expect(changes(known, ['two', 'one'], rule)).toEqual([]);
    const [change] = changes(known, ['two', 'three'], rule);
    expect(change).toMatchObject({ op: 'add', added: ['three'] });
    expect(change?.redacted?.kept).toEqual(kept(['one', 'two', 'three'], rule)['x']);
  });
});
