// Is an object in scope, and why: presence, account state, assignment and filters, with the evidence for the log.
import type { ObjectRule } from '../mapping/compile.ts';
import { sourceValue } from '../mapping/source-values.ts';
import type { OutOfScopeReason, ScopeFacts, ScopeVerdict } from '../model/decisions.ts';
import type { ScopeSetting } from '../model/job.ts';
import type { Entitlement, SourceObject } from '../model/source-object.ts';
import { groupResults, passesAny } from './filter.ts';
import type { CompiledFilter, ReadAttribute } from './filter.ts';

export interface ScopeInput {
  readonly object: SourceObject;
  readonly entitlements: readonly Entitlement[];
}

/** The first reason in this order decides: input filter, presence, account state, assignment, filters. */
export function evaluateScope(rule: ObjectRule, input: ScopeInput, setting: ScopeSetting): ScopeVerdict {
  const { object } = input;
  const read: ReadAttribute = (name) => sourceValue(object, name, { softDeleted: false, roles: [] });
  const facts = scopeFacts(rule.scope, input, read);
  if (isIgnored(rule.scope, read)) return { in: 'ignored', because: 'input-filter', facts };
  const because = reasonOutside(object, facts, setting);
  if (because !== null) return { in: false, because, facts };
  return { in: true, because: setting === 'all' ? 'sync-all' : 'assigned', facts };
}

function scopeFacts(
  scope: CompiledFilter | null,
  { object, entitlements }: ScopeInput,
  read: ReadAttribute,
): ScopeFacts {
  const filterResults = groupResults(scope?.groups ?? [], read, 'fails');
  return {
    active: object.presence === 'live' && !isDisabled(object),
    // Being a member of an assigned group entitles a user; a group as such must be assigned itself.
    assigned: entitlements.some(({ via }) => object.type === 'User' || via === 'direct'),
    passedFilter: passesAny(filterResults),
    filterResults,
  };
}

/**
 * Ordinary objects lack most of the attributes that input filters exclude by, and are in scope in Entra: here a missing
 * value satisfies the negative operators.
 */
const isIgnored = (scope: CompiledFilter | null, read: ReadAttribute): boolean =>
  (scope?.ignoring ?? []).some((groups) => !passesAny(groupResults(groups, read, 'passes')));

const isDisabled = ({ type, attributes }: SourceObject): boolean =>
  type === 'User' && attributes['accountEnabled'] === false;

function reasonOutside(object: SourceObject, facts: ScopeFacts, setting: ScopeSetting): OutOfScopeReason | null {
  if (object.presence !== 'live') return object.presence;
  if (isDisabled(object)) return 'account-disabled';
  if (setting === 'assigned') {
    if (!facts.assigned) return 'not-assigned';
    if (object.type === 'Group' && object.attributes['securityEnabled'] === false) return 'group-not-security-enabled';
  }
  return facts.passedFilter ? null : 'filtered-out';
}
