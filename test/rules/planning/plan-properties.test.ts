import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleFor, compileSchema } from '../../../src/rules/mapping/compile.ts';
import type { ObjectRule } from '../../../src/rules/mapping/compile.ts';
import type { Action, MatchVerdict, ScopeVerdict } from '../../../src/rules/model/decisions.ts';
import type { Json, JsonObject } from '../../../src/rules/model/json.ts';
import type { ObjectFlowType } from '../../../src/rules/model/schema.ts';
import type { Entitlement, SourceObject } from '../../../src/rules/model/source-object.ts';
import { rfcDialect } from '../../../src/rules/model/target.ts';
import type { Link } from '../../../src/rules/model/target.ts';
import { planObject } from '../../../src/rules/planning/plan-object.ts';
import { createBody, knownFrom } from '../../../src/rules/scim/build.ts';
import { patchOperations } from '../../../src/rules/scim/patch.ts';
import { evaluateScope } from '../../../src/rules/scoping/evaluate-scope.ts';
import {
  byGroup,
  clause,
  directly,
  filterOf,
  entraPolicy,
  fingerprint,
  group,
  sampleSchema,
  services,
  user,
} from '../mapping/sample-schema.ts';
import { applyPatch } from '../scim/apply-patch.ts';

// Any sequence of states of one source object, played against a target that is nothing but an object.
const text = fc.constantFrom('a', 'b', 'A', '', null);
const attributes = fc.record({
  displayName: text,
  givenName: text,
  surname: text,
  mail: text,
  city: text,
  jobTitle: text,
  department: fc.constantFrom('IT', 'HR', null),
  accountEnabled: fc.boolean(),
  securityEnabled: fc.boolean(),
});
const presence = fc.constantFrom(
  'live' as const,
  'live' as const,
  'live' as const,
  'soft-deleted' as const,
  'hard-deleted' as const,
);
const entitlements = fc.constantFrom<readonly Entitlement[]>(directly, byGroup, []);
const state = fc.record({ attributes, presence, entitlements });
interface State {
  readonly attributes: JsonObject;
  readonly presence: SourceObject['presence'];
  readonly entitlements: readonly Entitlement[];
}
const flowTypes = fc.subarray<ObjectFlowType>(['Add', 'Update', 'Delete']);
const settings = fc.record({
  type: fc.constantFrom('User' as const, 'Group' as const),
  flowTypes: fc.oneof(fc.constant<ObjectFlowType[]>(['Add', 'Update', 'Delete']), flowTypes),
  skipOutOfScopeDeletions: fc.boolean(),
  scope: fc.constantFrom(null, filterOf([clause('department', 'EQUALS', 'IT')])),
});
interface Settings {
  readonly type: 'User' | 'Group';
  readonly flowTypes: readonly ObjectFlowType[];
  readonly skipOutOfScopeDeletions: boolean;
  readonly scope: ReturnType<typeof filterOf> | null;
}

interface World {
  readonly account: JsonObject | null;
  readonly link: Link | null;
}
function ruleOf({ type, flowTypes: allowed, scope }: Settings): ObjectRule {
  const options = { flowTypes: allowed, ...(type === 'User' ? { scope } : {}) };
  const rule = ruleFor(compileSchema(sampleSchema({ users: options, groups: options })), type);
  if (rule === null) throw new Error('no rule');
  return rule;
}
const objectOf = ({ type }: Settings, { attributes: values, presence: present }: State): SourceObject =>
  type === 'User'
    ? user(values, { presence: present })
    : group({ ...values, displayName: values['displayName'] ?? 'Staff' }, { presence: present });

function decide(
  given: Settings,
  rule: ObjectRule,
  at: State,
  world: World,
): { readonly scope: ScopeVerdict; readonly action: Action } {
  const groups = { direct: [], transitive: [] };
  const candidate = { object: objectOf(given, at), entitlements: at.entitlements, groups, link: world.link };
  const scope = evaluateScope(rule, candidate, {
    setting: 'assigned',
    roles: [],
    defaultAccessEntitles: true,
    now: services.now,
  });
  const match: MatchVerdict =
    world.account === null
      ? { kind: 'unmatched' }
      : {
          kind: 'matched',
          by: { targetPath: 'userName', value: 'x', priority: 1 },
          resource: { id: 't', attributes: world.account },
        };
  const { skipOutOfScopeDeletions } = given;
  return {
    scope,
    action: planObject({
      rule,
      candidate,
      scope,
      match,
      roles: [],
      skipOutOfScopeDeletions,
      policy: entraPolicy,
      dialect: rfcDialect,
      services,
      fingerprint,
    }),
  };
}

const linkTo = (action: Action, known: Link['known'], linked: Link['state']): Link => ({
  jobId: 'j',
  sourceId: action.sourceId,
  type: action.type,
  targetId: 't',
  displayName: action.displayName,
  known,
  state: linked,
  createdAt: services.now,
});

function carryOut(rule: ObjectRule, action: Action, world: World): World {
  switch (action.kind) {
    case 'create': {
      const account = createBody(rule.resourceType, rule.targetObjectName, action.desired);
      return { account, link: linkTo(action, action.desired, 'active') };
    }
    case 'update':
    case 'restore':
    case 'disable': {
      const operations = patchOperations(action.changes, action.known);
      const account = applyPatch(world.account ?? {}, operations) as Record<string, Json>;
      const known = { ...action.known, ...Object.fromEntries(action.changes.map((c) => [c.path, c.after])) };
      return { account, link: linkTo(action, known, action.kind === 'disable' ? 'disabled' : 'active') };
    }
    case 'delete':
      return { account: null, link: null };
    case 'skip':
      if (action.forget) return { ...world, link: null };
      return action.adopt === null ? world : { ...world, link: linkTo(action, action.adopt, 'active') };
    case 'refuse':
      return world;
  }
}

const start: fc.Arbitrary<World> = fc.constantFrom<World>(
  { account: null, link: null },
  {
    account: {
      userName: 'ANNA@example.com',
      active: 'False',
      displayName: 'b',
      emails: [{ type: 'home', value: 'h' }],
    },
    link: null,
  },
);
const run = (check: (given: Settings, states: readonly State[], world: World) => void) => {
  fc.assert(fc.property(settings, fc.array(state, { minLength: 1, maxLength: 5 }), start, check), { numRuns: 400 });
};

describe('whatever happens to an object', () => {
  it('invariant 10: planning again after carrying out asks for no write', () => {
    run((given, states, world) => {
      const rule = ruleOf(given);
      for (const at of states) {
        world = carryOut(rule, decide(given, rule, at, world).action, world);
        const again = decide(given, rule, at, world).action;
        expect(['skip', 'refuse']).toContain(again.kind);
      }
    });
  });

  it('invariants 1 and 9: nothing is disabled or deleted without a link and a reason, nor created with an account or out of scope', () => {
    run((given, states, world) => {
      const rule = ruleOf(given);
      for (const at of states) {
        const { scope, action } = decide(given, rule, at, world);
        if (action.kind === 'create') expect([scope.in, world.account, world.link]).toEqual([true, null, null]);
        if (action.kind === 'disable' || action.kind === 'delete') {
          expect(world.link?.targetId).toBe(action.targetId);
          expect(scope).toMatchObject({ in: false, because: action.because });
        }
        if (action.kind === 'update' || action.kind === 'restore') expect(scope.in).toBe(true);
        if (!scope.in && world.link === null) expect(action.kind).toBe('skip');
        world = carryOut(rule, action, world);
      }
    });
  });

  it('what is known of an account is what stands there', () => {
    run((given, states, world) => {
      const rule = ruleOf(given);
      for (const at of states) {
        world = carryOut(rule, decide(given, rule, at, world).action, world);
        const { link, account } = world;
        if (link !== null) expect(knownFrom(account ?? {}, Object.keys(link.known))).toEqual(link.known);
      }
    });
  });

  it('an account in scope of a user has all that the directory says', () => {
    run((given, states, world) => {
      const rule = ruleOf({ ...given, flowTypes: ['Add', 'Update', 'Delete'] });
      for (const at of states) {
        const { scope, action } = decide(given, rule, at, world);
        world = carryOut(rule, action, world);
        if (scope.in !== true || given.type === 'Group') continue;
        const expected: JsonObject = { active: true, 'emails[type eq "work"].value': at.attributes['mail'] ?? null };
        const found = knownFrom(world.account ?? {}, Object.keys(expected));
        expect([true, 'True']).toContain(found['active']);
        if (typeof at.attributes['mail'] === 'string' && at.attributes['mail'] !== '')
          expect(found['emails[type eq "work"].value']).toBe(at.attributes['mail']);
      }
    });
  });
});
