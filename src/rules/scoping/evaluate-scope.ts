// Is an object in scope, and why: presence, account state, assignment and filters, with the evidence for the log.
import type { ObjectRule } from '../mapping/compile.ts';
import { sourceValue } from '../mapping/source-values.ts';
import type { OutOfScopeReason, ScopeFacts, ScopeVerdict } from '../model/decisions.ts';
import type { ScopeSetting } from '../model/job.ts';
import type { NamedGroups } from '../model/records.ts';
import type { AppRole, Entitlement, SourceObject } from '../model/source-object.ts';
import type { RoleValue } from '../expressions/values.ts';
import { ALL_GROUPS, DIRECT_GROUPS } from '../schema/filter-subjects.ts';
import { answerOf } from './filter.ts';
import type { CompiledFilter, FilterAnswer, ReadAttribute } from './filter.ts';

export interface ScopeInput {
  readonly object: SourceObject;
  readonly entitlements: readonly Entitlement[];
  /** Of the groups that filters name, those that the object is in. */
  readonly groups: NamedGroups;
}
/** What is the same for all objects of a cycle. */
export interface ScopeContext {
  readonly setting: ScopeSetting;
  /** All roles of the application. */
  readonly roles: readonly AppRole[];
  /** Whether the role Default Access entitles where the application has other roles. */
  readonly defaultAccessEntitles: boolean;
  /** What relative dates of filters count from. */
  readonly now: Date;
}

/** The first reason in this order decides: input filter, presence, account state, assignment, filters. */
export function evaluateScope(rule: ObjectRule, input: ScopeInput, context: ScopeContext): ScopeVerdict {
  const { setting, now } = context;
  const read = readerOf(input, context);
  const ignoring = (rule.scope?.ignoring ?? []).map(({ groups, missing }) => answerOf(groups, read, { missing, now }));
  const facts = scopeFacts(rule.scope, input, read, ignoring, now);
  if (ignoring.some(({ passed }) => !passed)) return { in: 'ignored', because: 'input-filter', facts };
  const because = reasonOutside(input, facts, context);
  if (because !== null) return { in: false, because, facts };
  return { in: true, because: setting === 'all' ? 'sync-all' : 'assigned', facts };
}

/** The attributes of mappings, and those that only filters know. */
const readerOf =
  ({ object, entitlements, groups }: ScopeInput, { roles }: ScopeContext): ReadAttribute =>
  (name) => {
    switch (name) {
      case DIRECT_GROUPS:
        return groups.direct;
      case ALL_GROUPS:
        return groups.transitive;
      case 'appRoleAssignments':
        return entitlements.map(({ appRoleId }) => roleOf(appRoleId, roles));
      default:
        return sourceValue(object, name, { softDeleted: false, roles: [] });
    }
  };

/** A role that the application does not list, such as default access, goes by its id alone. */
function roleOf(id: string, roles: readonly AppRole[]): RoleValue {
  const role = roles.find((one) => one.id === id);
  return { id, value: role?.value ?? null, displayName: role?.displayName ?? '' };
}

function scopeFacts(
  scope: CompiledFilter | null,
  { object, entitlements }: ScopeInput,
  read: ReadAttribute,
  ignoring: readonly FilterAnswer[],
  now: Date,
): ScopeFacts {
  const counting = countingFor(object, entitlements);
  const { passed, results } = answerOf(scope?.groups ?? [], read, { missing: 'fails', now });
  return {
    active: object.presence === 'live' && !isDisabled(object),
    assigned: counting.length > 0,
    assignedBy: [...new Set(counting.map(assignmentWords))],
    passedFilter: passed,
    filterResults: Object.assign({}, ...ignoring.map((answer) => answer.results), results) as typeof results,
  };
}

/** Being a member of an assigned group entitles a user; a group as such must be assigned itself. */
const countingFor = ({ type }: SourceObject, entitlements: readonly Entitlement[]): readonly Entitlement[] =>
  entitlements.filter(({ via }) => type === 'User' || via === 'direct');

function assignmentWords({ groupId, groupName, through }: Entitlement): string {
  if (groupId === null) return 'itself';
  const nested = through === undefined ? '' : ` through its nested ${groupWords(through.id, through.name)}`;
  return groupWords(groupId, groupName ?? null) + nested;
}

const groupWords = (id: string, name: string | null): string =>
  name === null ? `group ${id}` : `group '${name}' (${id})`;

/** Graph's id for an assignment without a role of the application. */
const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000';

const isEntitled = ({ object, entitlements }: ScopeInput, { roles, defaultAccessEntitles }: ScopeContext): boolean =>
  defaultAccessEntitles ||
  !roles.some(({ isEnabled }) => isEnabled) ||
  countingFor(object, entitlements).some(({ appRoleId }) => appRoleId !== DEFAULT_ACCESS);

const isDisabled = ({ type, attributes }: SourceObject): boolean =>
  type === 'User' && attributes['accountEnabled'] === false;

function reasonOutside(input: ScopeInput, facts: ScopeFacts, context: ScopeContext): OutOfScopeReason | null {
  const { object } = input;
  if (object.presence !== 'live') return object.presence;
  if (isDisabled(object)) return 'account-disabled';
  if (context.setting === 'assigned') {
    if (!facts.assigned) return 'not-assigned';
    if (!isEntitled(input, context)) return 'not-effectively-entitled';
    if (object.type === 'Group' && object.attributes['securityEnabled'] === false) return 'group-not-security-enabled';
  }
  return facts.passedFilter ? null : 'filtered-out';
}
