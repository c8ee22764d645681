import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/rules/model/json.ts';
import { desiredAttributes } from '../../../src/rules/mapping/desired.ts';
import type { AttributeMapping } from '../../../src/rules/model/schema.ts';
import { definition, directly, mapping, sampleRule, services, user } from './sample-schema.ts';

const gate = { flowNullValues: true };
const sources = [
  definition('jobTitle', gate),
  definition('mail', gate),
  definition('city'),
  definition('proxyAddresses', { ...gate, multivalued: true }),
  definition('userPrincipalName', gate),
  definition('IsSoftDeleted', gate),
];
const definitions = [definition('many', { multivalued: true }), definition('needed', { required: true })];

function desired(one: AttributeMapping, attributes: JsonObject, operation: 'create' | 'update' = 'update') {
  const rule = sampleRule('User', { users: { attributeMappings: [one] }, definitions, sources });
  const result = desiredAttributes(rule, {
    object: user(attributes),
    softDeleted: false,
    entitlements: directly,
    roles: [],
    operation,
    services,
  });
  return result.kind === 'desired' ? result.desired : result.kind;
}

describe('a cleared source attribute', () => {
  it('flows nothing unless both the attribute and the mapping say so', () => {
    expect(desired(mapping('title', '[jobTitle]'), { jobTitle: null })).toEqual({});
    expect(desired(mapping('title', '[city]', gate), { city: null })).toEqual({});
    expect(desired(mapping('title', '[jobTitle]', { flowNullValues: false }), { jobTitle: null })).toEqual({});
    expect(desired(mapping('title', '[jobTitle]', gate), { jobTitle: null })).toEqual({ title: null });
  });

  it.each<[string, AttributeMapping, JsonObject]>([
    ['an empty text', mapping('title', '[jobTitle]', gate), { jobTitle: '' }],
    ['an expression without a value', mapping('title', 'Trim([jobTitle])', gate), { jobTitle: null }],
    ['a part of a list', mapping('emails[type eq "work"].value', '[mail]', gate), { mail: null }],
    ['an empty list', mapping('many', '[proxyAddresses]', gate), { proxyAddresses: [] }],
  ])('clears the target: %s', (_, one, attributes) => {
    expect(desired(one, attributes)).toEqual({ [one.targetAttributeName]: null });
  });

  it.each<[string, AttributeMapping, JsonObject]>([
    ['a matching attribute', mapping('x', '[mail]', { ...gate, matchingPriority: 1 }), { mail: null }],
    ['a required attribute', mapping('needed', '[mail]', gate), { mail: null }],
    ['an attribute that was never read', mapping('x', '[proxyAddresses]', gate), {}],
    ['an expression that ignores it', mapping('x', 'IgnoreFlowIfNullOrEmpty([mail])', gate), { mail: null }],
    ['IgnoreAttributeFlow', mapping('x', 'Switch([mail], "a", "", IgnoreAttributeFlow)', gate), { mail: null }],
    [
      'a source of which only a part flows null',
      mapping('x', 'Coalesce([mail], [city])', gate),
      { mail: null, city: null },
    ],
    ['a mapping during creation only', mapping('x', '[mail]', { ...gate, flowType: 'ObjectAddOnly' }), { mail: null }],
    ['a mapping without a source', mapping('x', null, gate), {}],
  ])('never clears: %s', (_, one, attributes) => {
    expect(desired(one, attributes)).toEqual({});
  });

  it('is nothing on create, and takes the default value there', () => {
    const one = mapping('title', '[jobTitle]', { ...gate, defaultValue: 'Staff' });
    expect(desired(one, { jobTitle: null }, 'create')).toEqual({ title: 'Staff' });
    expect(desired(one, { jobTitle: null })).toEqual({ title: null });
    expect(desired(mapping('title', '[jobTitle]', gate), { jobTitle: null }, 'create')).toEqual({});
  });

  it('is never what an expression that fails gives', () => {
    expect(desired(mapping('title', 'CDate([jobTitle])', gate), { jobTitle: null })).toBe('error');
  });
});
