import { describe, expect, it } from 'vitest';
import type { ObjectRule } from '../../../src/rules/mapping/compile.ts';
import type { MatchVerdict, OutOfScopeReason, ScopeVerdict } from '../../../src/rules/model/decisions.ts';
import { rfcDialect } from '../../../src/rules/model/target.ts';
import type { KnownAttributes, Link } from '../../../src/rules/model/target.ts';
import type { PlanInput } from '../../../src/rules/planning/plan-input.ts';
import { needsMatch, planObject } from '../../../src/rules/planning/plan-object.ts';
import {
  directly,
  enterprise,
  entraPolicy,
  fingerprint,
  group,
  mapping,
  sampleRule,
  services,
  user,
  userMappings,
} from '../mapping/sample-schema.ts';

const facts = { active: true, assigned: true, passedFilter: true, filterResults: {} };
const inScope: ScopeVerdict = { in: true, because: 'assigned', facts };
const outside = (because: OutOfScopeReason): ScopeVerdict => ({ in: false, because, facts });
const ignored: ScopeVerdict = { in: 'ignored', because: 'input-filter', facts };

const users = sampleRule('User');
const groups = sampleRule('Group');
const known: KnownAttributes = {
  userName: 'anna@example.com',
  active: true,
  displayName: 'Anna Ek',
  'emails[type eq "work"].value': 'anna.ek@example.com',
  'name.formatted': 'Anna Ek',
  'addresses[type eq "work"].locality': 'Umeå',
  [`${enterprise}:department`]: 'IT',
};
const disabled: KnownAttributes = { ...known, active: false };
const link = (rest: Partial<Link> = {}): Link => ({
  jobId: 'j',
  sourceId: 'u1',
  type: 'User',
  targetId: 't1',
  displayName: 'anna@example.com',
  known,
  state: 'active',
  createdAt: services.now,
  ...rest,
});
const unmatched: MatchVerdict = { kind: 'unmatched' };
const by = { targetPath: 'userName', value: 'anna@example.com', priority: 1 };
const account = { userName: 'Anna@Example.com', active: true, displayName: 'Old name' };
const matched = (attributes = {}): MatchVerdict => ({
  kind: 'matched',
  by,
  resource: { id: 't7', attributes: { ...account, ...attributes } },
});

interface Given {
  readonly object?: PlanInput['candidate']['object'];
  readonly rule?: ObjectRule;
  readonly link?: Link | null;
  readonly scope?: ScopeVerdict;
  readonly match?: MatchVerdict;
  readonly skipOutOfScopeDeletions?: boolean;
  readonly policy?: PlanInput['policy'];
  readonly dialect?: PlanInput['dialect'];
}
function plan({
  object = user(),
  rule = users,
  link = null,
  scope = inScope,
  match = unmatched,
  skipOutOfScopeDeletions = false,
  policy = entraPolicy,
  dialect = rfcDialect,
}: Given) {
  const candidate = { object, entitlements: directly, link };
  return planObject({
    rule,
    candidate,
    scope,
    match,
    roles: [],
    skipOutOfScopeDeletions,
    policy,
    dialect,
    services,
    fingerprint,
  });
}
const allowing = (...flowTypes: ('Add' | 'Update' | 'Delete')[]) => sampleRule('User', { users: { flowTypes } });

describe('an object in scope without a link', () => {
  it('is created when no account matches, with what is desired and nothing empty', () => {
    const action = plan({ object: user({ givenName: null, surname: null, mail: null }) });
    expect(action).toMatchObject({
      kind: 'create',
      because: 'no-match',
      sourceId: 'u1',
      displayName: 'anna@example.com',
      desired: { userName: 'anna@example.com', active: true, displayName: 'Anna Ek' },
    });
    expect(Object.keys(action.kind === 'create' ? action.desired : {})).not.toContain('name.formatted');
    expect(action.kind === 'create' ? action.changes : []).toContainEqual({
      path: 'active',
      op: 'add',
      before: null,
      after: true,
    });
  });

  it('takes over the account that matches, writing only what differs', () => {
    expect(plan({ match: matched({ title: 'CEO' }) })).toMatchObject({
      kind: 'update',
      because: 'matched-account',
      targetId: 't7',
      known: { userName: 'Anna@Example.com', active: true, displayName: 'Old name', title: 'CEO' },
      changes: [
        { path: 'displayName', op: 'replace', before: 'Old name', after: 'Anna Ek' },
        { path: 'emails[type eq "work"].value', op: 'add', before: null },
        { path: 'name.formatted', op: 'add' },
        { path: 'addresses[type eq "work"].locality', op: 'add' },
        { path: `${enterprise}:department`, op: 'add' },
      ],
    });
  });

  it('knows the manager that a matching account has', () => {
    const action = plan({ match: matched({ [enterprise]: { manager: { value: 't9' } } }) });
    expect(action).toMatchObject({ known: { [`${enterprise}:manager`]: 't9' } });
  });

  it('is linked without a write when the matching account is as desired', () => {
    const attributes = {
      userName: 'anna@example.com',
      active: 'True',
      displayName: 'Anna Ek',
      name: { formatted: 'Anna Ek' },
      emails: [{ type: 'Work', value: 'anna.ek@example.com' }],
      addresses: [{ type: 'work', locality: 'Umeå' }],
      [enterprise]: { department: 'IT' },
    };
    expect(plan({ match: matched(attributes) })).toMatchObject({
      kind: 'skip',
      because: 'RedundantExport',
      targetId: 't7',
      adopt: { userName: 'anna@example.com' },
    });
  });

  it('is linked without a write when updates are off', () => {
    expect(plan({ rule: allowing('Add'), match: matched() })).toMatchObject({
      kind: 'skip',
      because: 'UpdateNotAllowed',
      adopt: { displayName: 'Old name' },
    });
  });

  it('is refused when the match is ambiguous or unknown, and never created then', () => {
    const ambiguous = plan({ match: { kind: 'ambiguous', by, candidates: ['t1', 't2'] } });
    expect(ambiguous).toMatchObject({ kind: 'refuse', error: { code: 'DuplicateTargetEntries' } });
    expect(ambiguous.kind === 'refuse' && ambiguous.error.message).toMatch(/t1, t2/);
    const error = { code: 'Timeout', message: 'no answer' } as const;
    expect(plan({ match: { kind: 'unknown', error } })).toMatchObject({ kind: 'refuse', error });
  });

  it('is refused when it cannot be mapped', () => {
    const rule = sampleRule('User', {
      users: { attributeMappings: [...userMappings, mapping('x', 'CDate([displayName])')] },
    });
    expect(plan({ rule })).toMatchObject({
      kind: 'refuse',
      error: { code: 'AttributeEvaluationFailed', attribute: 'x' },
    });
  });
});

describe('a linked object in scope', () => {
  it('invariant 10: is left alone when nothing differs', () => {
    expect(plan({ link: link() })).toMatchObject({
      kind: 'skip',
      because: 'RedundantExport',
      targetId: 't1',
      adopt: null,
    });
  });

  it('is updated by what differs', () => {
    expect(plan({ object: user({ department: 'HR' }), link: link() })).toMatchObject({
      kind: 'update',
      because: 'attributes-differ',
      changes: [{ path: `${enterprise}:department`, op: 'replace', before: 'IT', after: 'HR' }],
    });
  });

  it('keeps the old value where the source was cleared', () => {
    expect(plan({ object: user({ department: null }), link: link() })).toMatchObject({
      kind: 'skip',
      because: 'RedundantExport',
    });
  });

  it('is restored when it was disabled, with everything that changed meanwhile', () => {
    const action = plan({ object: user({ department: 'HR' }), link: link({ known: disabled, state: 'disabled' }) });
    expect(action).toMatchObject({ kind: 'restore', because: 'back-in-scope' });
    expect(action.kind === 'restore' ? action.changes.map(({ path }) => path) : []).toEqual([
      'active',
      `${enterprise}:department`,
    ]);
  });

  it('is noted as active again when it returns and there is nothing to write', () => {
    expect(plan({ link: link({ state: 'disabled' }) })).toMatchObject({
      kind: 'skip',
      because: 'RedundantExport',
      adopt: known,
    });
  });

  it('never asks for a match, and is never created', () => {
    const candidate = { object: user(), entitlements: directly, link: link() };
    expect(needsMatch(users, candidate, inScope)).toBe(false);
    expect(plan({ link: link(), match: unmatched })).toMatchObject({ kind: 'skip' });
  });

  it('sends what flows always along with another change, and never alone', () => {
    const attributeMappings = [...userMappings, mapping('nickName', '[givenName]', { flowBehavior: 'FlowAlways' })];
    const rule = sampleRule('User', { users: { attributeMappings } });
    const linked = link({ known: { ...known, nickName: 'Anna' } });
    expect(plan({ rule, link: linked })).toMatchObject({ kind: 'skip', because: 'RedundantExport' });
    expect(plan({ rule, link: linked, object: user({ displayName: 'A. Ek' }) })).toMatchObject({
      changes: [{ path: 'displayName' }, { path: 'nickName', op: 'replace', before: 'Anna', after: 'Anna' }],
    });
  });
});

describe('a linked user out of scope', () => {
  it.each(['not-assigned', 'filtered-out', 'account-disabled', 'soft-deleted'] as const)(
    'is disabled because %s',
    (because) => {
      expect(plan({ link: link(), scope: outside(because), object: user({ department: 'HR' }) })).toMatchObject({
        kind: 'disable',
        because,
        targetId: 't1',
        changes: [{ path: 'active', op: 'replace', before: true, after: false }],
      });
    },
  );

  it('is deleted when its source is gone for good', () => {
    const gone = user({}, { presence: 'hard-deleted' });
    const scope = outside('hard-deleted');
    expect(plan({ object: gone, link: link(), scope })).toMatchObject({
      kind: 'delete',
      because: 'hard-deleted',
      targetId: 't1',
    });
    expect(plan({ object: gone, link: link(), scope, rule: allowing('Add', 'Update') })).toMatchObject({
      kind: 'skip',
      because: 'DeleteNotAllowed',
      forget: true,
    });
  });

  it.each([
    ['Delete', 'account-disabled', { kind: 'delete', because: 'account-disabled', targetId: 't1' }],
    ['Delete', 'hard-deleted', { kind: 'delete', because: 'hard-deleted', targetId: 't1' }],
    ['Keep', 'not-assigned', { kind: 'skip', because: 'KeptByPolicy', forget: false }],
    ['Keep', 'hard-deleted', { kind: 'skip', because: 'KeptByPolicy', forget: true }],
  ] as const)('goes the way of the policy: DeprovisionUsers %s, %s', (User, because, action) => {
    const policy = { ...entraPolicy, User };
    expect(plan({ link: link(), scope: outside(because), policy })).toMatchObject(action);
    const withoutDelete = plan({ link: link(), scope: outside(because), policy, rule: allowing('Add', 'Update') });
    expect(withoutDelete).toMatchObject(action.kind === 'delete' ? { because: 'DeleteNotAllowed' } : action);
  });

  const mappings = (kept: (target: string) => boolean) =>
    sampleRule('User', { users: { attributeMappings: userMappings.filter((m) => kept(m.targetAttributeName)) } });
  const off = outside('not-assigned');
  it.each<[string, Given]>([
    ['RedundantSoftDelete', { link: link({ known: disabled, state: 'disabled' }), scope: off }],
    ['SoftDeleteNotMapped', { link: link(), scope: off, rule: mappings((target) => target !== 'active') }],
    ['UpdateNotAllowed', { link: link(), scope: off, rule: allowing('Add', 'Delete') }],
    ['SkipOutOfScopeDeletions', { link: link(), scope: off, skipOutOfScopeDeletions: true }],
    ['IgnoredByInputFilter', { link: link(), scope: ignored }],
    ['ObjectMappingDisabled', { link: link(), scope: off, rule: sampleRule('User', { users: { enabled: false } }) }],
  ])('is skipped as %s', (because, given) => {
    expect(plan(given)).toMatchObject({ kind: 'skip', because, targetId: 't1', forget: false, adopt: null });
  });

  it('is disabled although another mapping cannot be evaluated any more', () => {
    const rule = sampleRule('User', {
      users: { attributeMappings: [...userMappings, mapping('x', 'CDate([displayName])')] },
    });
    expect(plan({ rule, link: link(), scope: off })).toMatchObject({ kind: 'disable' });
  });
});

describe('a linked group out of scope', () => {
  const known = { displayName: 'Staff', externalId: 'g1' };
  const linked = link({ sourceId: 'g1', type: 'Group', displayName: 'Staff', known });
  const given = (because: OutOfScopeReason): Given => ({
    object: group(),
    rule: groups,
    link: linked,
    scope: outside(because),
  });

  it.each(['not-assigned', 'filtered-out', 'soft-deleted', 'hard-deleted'] as const)(
    'is deleted because %s',
    (because) => {
      expect(plan(given(because))).toMatchObject({ kind: 'delete', because, targetId: 't1', displayName: 'Staff' });
    },
  );
  it('is kept when deletes are off, or when it only lost its security flag', () => {
    const rule = sampleRule('Group', { groups: { flowTypes: ['Add', 'Update'] } });
    expect(plan({ ...given('not-assigned'), rule })).toMatchObject({
      kind: 'skip',
      because: 'DeleteNotAllowed',
      forget: false,
    });
    expect(plan(given('group-not-security-enabled'))).toMatchObject({
      kind: 'skip',
      because: 'NotInScope',
      targetId: 't1',
    });
    expect(plan({ ...given('not-assigned'), skipOutOfScopeDeletions: true })).toMatchObject({
      because: 'SkipOutOfScopeDeletions',
    });
    const policy = { ...entraPolicy, Group: 'Keep' } as const;
    expect(plan({ ...given('not-assigned'), policy })).toMatchObject({ because: 'KeptByPolicy', forget: false });
  });
});

describe('an object out of scope without a link', () => {
  it.each([
    ['not-assigned', 'NotEffectivelyEntitled'],
    ['filtered-out', 'NotInScope'],
    ['account-disabled', 'NotInScope'],
    ['soft-deleted', 'NotInScope'],
    ['hard-deleted', 'NeverProvisioned'],
    ['group-not-security-enabled', 'NotInScope'],
  ] as const)('is skipped: %s', (reason, because) => {
    expect(plan({ scope: outside(reason), match: matched() })).toMatchObject({
      kind: 'skip',
      because,
      targetId: null,
      adopt: null,
    });
  });
  it('is not looked up, and neither is one that an input filter or a disabled mapping keeps out', () => {
    const candidate = { object: user(), entitlements: directly, link: null };
    expect(needsMatch(users, candidate, inScope)).toBe(true);
    expect(needsMatch(users, candidate, outside('not-assigned'))).toBe(false);
    expect(needsMatch(users, candidate, ignored)).toBe(false);
    expect(needsMatch(sampleRule('User', { users: { enabled: false } }), candidate, inScope)).toBe(false);
    expect(needsMatch(users, { ...candidate, object: user({}, { presence: 'soft-deleted' }) }, inScope)).toBe(false);
  });
});

describe('actions that are off', () => {
  it('are skipped with their name', () => {
    expect(plan({ rule: allowing('Update', 'Delete') })).toMatchObject({ kind: 'skip', because: 'CreateNotAllowed' });
    expect(plan({ rule: allowing('Add'), link: link(), object: user({ department: 'HR' }) })).toMatchObject({
      kind: 'skip',
      because: 'UpdateNotAllowed',
      adopt: null,
    });
    expect(plan({ rule: allowing('Add'), link: link() })).toMatchObject({ because: 'RedundantExport' });
  });
});

describe('what the application does not offer', () => {
  const cannot = (rest: Partial<PlanInput['dialect']>) => ({ dialect: { ...rfcDialect, ...rest } });
  const staff = { object: group({ displayName: 'Staff EU' }), rule: groups };
  const linked = link({ type: 'Group', known: { displayName: 'Staff' } });

  it('is skipped with its own reason where nobody can be created', () => {
    const creates = { User: false, Group: true };
    expect(plan(cannot({ creates }))).toMatchObject({ kind: 'skip', because: 'CreateNotSupported' });
    expect(plan({ ...cannot({ creates }), match: matched() })).toMatchObject({ kind: 'update' });
    expect(plan({ ...cannot({ creates }), ...staff })).toMatchObject({ kind: 'create' });
  });

  it('holds back the rename of a group, and sends what else differs', () => {
    const known = { displayName: 'Staff', externalId: staff.object.id };
    expect(plan({ ...cannot({ renamesGroups: false }), ...staff, link: { ...linked, known } })).toMatchObject({
      kind: 'skip',
      because: 'GroupRenameNotSupported',
      targetId: 't1',
    });
    const action = plan({ ...cannot({ renamesGroups: false }), ...staff, link: linked });
    expect(action).toMatchObject({ kind: 'update', changes: [{ path: 'externalId' }] });
    expect(action).toMatchObject({ withheld: [{ path: 'displayName', before: 'Staff', after: 'Staff EU' }] });
    expect(plan({ ...staff, link: { ...linked, known } })).toMatchObject({ changes: [{ path: 'displayName' }] });
  });

  it('deletes an account where accounts cannot be disabled, unless deletes are off', () => {
    const leaving = { ...cannot({ softDelete: false }), link: link(), scope: outside('not-assigned') };
    expect(plan(leaving)).toMatchObject({ kind: 'delete', because: 'not-assigned', targetId: 't1' });
    const rule = allowing('Add', 'Update');
    expect(plan({ ...leaving, rule })).toMatchObject({ kind: 'skip', because: 'DeleteNotAllowed', forget: false });
    expect(plan({ ...leaving, skipOutOfScopeDeletions: true })).toMatchObject({ because: 'SkipOutOfScopeDeletions' });
  });
});
