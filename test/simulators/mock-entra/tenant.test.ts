// The generated tenant: deterministic, realistic, and computed from the index alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  groupAt,
  hasUserMember,
  nestedIndexes,
  parentIndexes,
  userMemberAt,
  userMemberCount,
} from '../../../src/simulators/mock-entra/tenant/groups.ts';
import { createIdCodec } from '../../../src/simulators/mock-entra/tenant/ids.ts';
import { textOf } from '../../../src/simulators/mock-entra/text.ts';
import { createTenant } from '../../../src/simulators/mock-entra/tenant/tenant.ts';
import {
  managerIndex,
  reportIndexes,
  userAt,
  userIndexByName,
} from '../../../src/simulators/mock-entra/tenant/users.ts';

const tenant = createTenant({ seed: 7, users: 5000, groups: 200 });
const users = Array.from({ length: tenant.users }, (_, i) => userAt(tenant, i));
const share = (test: (user: (typeof users)[number]) => boolean): number => users.filter(test).length / users.length;

describe('ids of generated objects', () => {
  it('are version-4 GUIDs that decode to the kind and index they were made from', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.nat({ max: 0xffffffff }),
        fc.constantFrom('user' as const, 'group' as const),
        (seed, index, kind) => {
          const id = createIdCodec(seed).encode(kind, index);
          expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
          expect(createIdCodec(seed).decode(id.toUpperCase())).toEqual({ kind, index });
        },
      ),
    );
  });

  it('of another seed, or made elsewhere, decode to nothing', () => {
    const id = createIdCodec(1).encode('user', 5);
    expect(createIdCodec(2).decode(id)).toBeNull();
    expect(createIdCodec(1).decode(crypto.randomUUID())).toBeNull();
    expect(createIdCodec(1).decode('not a guid')).toBeNull();
  });
});

describe('the generated tenant', () => {
  it('is the same for the same seed and another one for another seed', () => {
    const again = createTenant({ seed: 7, users: 5000, groups: 200 });
    const other = createTenant({ seed: 8, users: 5000, groups: 200 });
    expect(userAt(again, 1234)).toEqual(users[1234]);
    expect(groupAt(again, 12)).toEqual(groupAt(tenant, 12));
    expect(userAt(other, 1234)).not.toEqual(users[1234]);
  });

  it('gives every user an ASCII name that is unique and leads back to its index', () => {
    const names = users.map((user) => textOf(user['userPrincipalName']));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(users.length);
    expect(names.every((name) => /^[\x21-\x7e]+$/.test(name))).toBe(true);
    expect(names.every((name, i) => userIndexByName(tenant, name.toUpperCase(), 'userPrincipalName') === i)).toBe(true);
    expect(userIndexByName(tenant, 'nobody.here17@contoso.example', 'userPrincipalName')).toBeNull();
  });

  it('has display names in several scripts', () => {
    const text = users.map((user) => textOf(user['displayName'])).join(' ');
    for (const script of ['Latin', 'Cyrillic', 'Greek', 'Han', 'Arabic', 'Devanagari', 'Katakana'])
      expect(text).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
    expect(text).toMatch(/[üñłéç]/);
  });

  it('has its share of guests, disabled users, missing mails and missing departments', () => {
    expect(
      share((user) => user['userType'] === 'Guest' && textOf(user['userPrincipalName']).includes('#EXT#')),
    ).toBeCloseTo(0.026, 2);
    expect(share((user) => user['accountEnabled'] === false)).toBeCloseTo(0.04, 2);
    expect(share((user) => user['mail'] === undefined)).toBeCloseTo(0.05, 2);
    expect(share((user) => user['department'] === undefined)).toBeGreaterThan(0.04);
  });

  it('has managers in a tree without circles, and some users without one', () => {
    const managers = users.map((_, i) => managerIndex(tenant, i));
    expect(managers.every((manager, i) => manager === null || manager < i)).toBe(true);
    expect(managers.filter((manager) => manager === null).length).toBeGreaterThan(100);
    expect(reportIndexes(tenant, 3).every((report) => managerIndex(tenant, report) === 3)).toBe(true);
  });

  it('has groups of mixed sizes with every user in the first, whose members are distinct and can be asked for', () => {
    const sizes = Array.from({ length: tenant.groups }, (_, i) => userMemberCount(tenant, i));
    expect(sizes[0]).toBe(tenant.users);
    expect(sizes).toContain(0);
    expect(Math.max(...sizes.slice(1))).toBeGreaterThan(80);
    for (const group of [1, 5, 17, 42]) {
      const members = Array.from({ length: sizes[group] ?? 0 }, (_, k) => userMemberAt(tenant, group, k));
      expect(new Set(members).size).toBe(members.length);
      const expected = new Set(members);
      expect(users.every((_, user) => hasUserMember(tenant, group, user) === expected.has(user))).toBe(true);
    }
  });

  it('has nested groups whose parents know them, and both security and Microsoft 365 groups', () => {
    const children = nestedIndexes(tenant, 3);
    expect(children).toEqual([4, 5]);
    expect(children.every((child) => parentIndexes(tenant, child).includes(3))).toBe(true);
    const types = Array.from({ length: tenant.groups }, (_, i) => groupAt(tenant, i));
    expect(types.some((group) => JSON.stringify(group['groupTypes']) === '["Unified"]')).toBe(true);
    expect(types.some((group) => group['securityEnabled'] === true && group['mailEnabled'] === false)).toBe(true);
    expect(new Set(types.map((group) => group['displayName'])).size).toBe(tenant.groups);
  });

  it('works with any number of users, down to none', () => {
    for (const count of [0, 1, 2, 3]) {
      const small = createTenant({ seed: 1, users: count, groups: 9 });
      for (let group = 0; group < 9; group += 1) {
        const members = Array.from({ length: userMemberCount(small, group) }, (_, k) => userMemberAt(small, group, k));
        expect(members.every((member) => member < count && hasUserMember(small, group, member))).toBe(true);
      }
    }
  });
});
