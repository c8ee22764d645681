import { describe, expect, it } from 'vitest';
import { rfcDialect } from '../../../src/rules/model/target.ts';
import { readKnobs } from '../../../src/rules/scim/read-knobs.ts';

describe('knobs of a dialect as they are sent', () => {
  it.each([
    { opCase: 'capital', pageSize: 20, softDelete: false },
    { update: { User: 'put' }, creates: { Group: false }, filterable: { User: ['userName'], Group: null } },
    {
      bulk: { maxOperations: 20, maxPayloadBytes: 100_000 },
      claims: { bulk: null, etag: false, groups: true, patch: false },
    },
    { bulk: null },
  ])('are taken: %o', (knobs) => {
    expect(readKnobs(knobs)).toEqual(knobs);
  });
  it.each([
    [{ opcase: 'lower' }, 'opcase'],
    [{ name: rfcDialect.name }, 'name'],
    [{ opCase: 'UPPER' }, 'opCase'],
    [{ membersPerPatch: 0 }, 'membersPerPatch'],
    [{ membersPerPatch: '10' }, 'membersPerPatch'],
    [{ update: { Role: 'put' } }, 'update'],
    [{ bulk: { maxOperations: 20 } }, 'bulk'],
    [{ claims: { patch: false } }, 'claims'],
    [{ memberRemoval: null }, 'memberRemoval'],
  ])('are refused by name: %o', (knobs, name) => {
    expect(() => readKnobs(knobs)).toThrow(name);
  });
});
