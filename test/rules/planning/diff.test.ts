import { describe, expect, it } from 'vitest';
import { diffAttributes } from '../../../src/rules/planning/diff.ts';
import type { AttributeMapping } from '../../../src/rules/model/schema.ts';
import type { AttributeDefinition } from '../../../src/rules/model/schema.ts';
import type { Json } from '../../../src/rules/model/json.ts';
import { sealOf } from '../../../src/rules/planning/seal.ts';
import { definition, fingerprint, mapping, sampleRule } from '../mapping/sample-schema.ts';

interface Case {
  readonly known: Json;
  readonly desired: Json;
  readonly type?: Partial<AttributeDefinition>;
  readonly flow?: Partial<AttributeMapping>;
  readonly none?: true;
}
function changesOf({ known, desired, type = {}, flow = {}, none }: Case) {
  const one = mapping('x', none === true ? null : '[mail]', flow);
  const { mappings } = sampleRule('User', {
    users: { attributeMappings: [one] },
    definitions: [definition('x', type)],
  });
  return diffAttributes(mappings, { x: desired }, known === null ? {} : { x: known }, sealOf('u1', fingerprint));
}

describe('no change is', () => {
  it.each<[string, Case]>([
    ['the same value', { known: 'a', desired: 'a' }],
    ['a change of case where case does not count', { known: 'Anna', desired: 'anna', type: { caseExact: false } }],
    ['a boolean kept as text', { known: 'True', desired: true, type: { type: 'Boolean' } }],
    ['a number kept as text', { known: '42', desired: 42, type: { type: 'Integer' } }],
    ['another order of a list', { known: ['a', 'b'], desired: ['b', 'a'], type: { multivalued: true } }],
    ['another order of keys', { known: [{ value: 'a', primary: true }], desired: [{ primary: true, value: 'a' }] }],
    ['an empty text where nothing stands', { known: null, desired: '' }],
    ['an empty list where nothing stands', { known: null, desired: [] }],
    ['null where nothing stands', { known: null, desired: null }],
    ['null where an empty list stands', { known: [], desired: null }],
    [
      'an element that the server filled up',
      { known: [{ value: 'a', type: 'x', $ref: 'r' }], desired: [{ value: 'a', primary: false }] },
    ],
    ['a default where something stands', { known: 'old', desired: 'default', none: true }],
    [
      'a value where one stands, when the flow only adds attributes',
      { known: 'old', desired: 'new', flow: { flowType: 'AttributeAddOnly' } },
    ],
    [
      'fewer values, when the flow only adds values',
      { known: ['a', 'b'], desired: ['a'], flow: { flowType: 'MultiValueAddOnly' } },
    ],
  ])('%s', (_, given) => {
    expect(changesOf(given)).toEqual([]);
  });
});

describe('a change is', () => {
  it.each<[string, Case, 'add' | 'replace' | 'remove', Json]>([
    ['a value where none stands', { known: null, desired: 'a' }, 'add', 'a'],
    ['false where none stands', { known: null, desired: false, type: { type: 'Boolean' } }, 'add', false],
    ['another value', { known: 'a', desired: 'b' }, 'replace', 'b'],
    ['another case where case counts', { known: 'Anna', desired: 'anna' }, 'replace', 'anna'],
    ['an empty text where something stands', { known: 'a', desired: '' }, 'replace', ''],
    ['another number of equal values', { known: ['a', 'a'], desired: ['a'] }, 'replace', ['a']],
    ['a default where nothing stands', { known: null, desired: 'default', none: true }, 'add', 'default'],
    ['a default where an empty text stands', { known: '', desired: 'default', none: true }, 'replace', 'default'],
    [
      'a value where an empty one stands, when the flow only adds attributes',
      { known: '', desired: 'new', flow: { flowType: 'AttributeAddOnly' } },
      'replace',
      'new',
    ],
    ['null where something stands', { known: 'a', desired: null }, 'remove', null],
  ])('%s', (_, given, op, after) => {
    expect(changesOf(given)).toEqual([{ path: 'x', op, before: given.known, after }]);
  });

  it('the new values alone, when the flow only adds values: those of others stay', () => {
    const given: Case = { known: ['a', 'b'], desired: ['c', 'a'], flow: { flowType: 'MultiValueAddOnly' } };
    expect(changesOf(given)).toEqual([
      { path: 'x', op: 'add', before: ['a', 'b'], after: ['a', 'b', 'c'], added: ['c'] },
    ]);
  });
});
