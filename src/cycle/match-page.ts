// Finds the accounts of objects that have no link yet: one look-up per matching attribute, in order of precedence.
import type { Action, MatchQuery, MatchVerdict } from '../rules/model/decisions.ts';
import { reportsGone } from '../rules/model/errors.ts';
import type { ObjectError } from '../rules/model/errors.ts';
import type { Candidate } from '../rules/model/records.ts';
import type { KnownAttributes, Link, TargetResource } from '../rules/model/target.ts';
import { askable } from '../rules/matching/askable.ts';
import { decideMatch, matchQueries, shownQuery } from '../rules/matching/match.ts';
import type { AnsweredQuery } from '../rules/matching/match.ts';
import { redactedError } from '../rules/mapping/redact.ts';
import { accountFrom, needsMatch } from '../rules/planning/plan-object.ts';
import { sealOf } from '../rules/planning/seal.ts';
import { aboutObject } from './correlation.ts';
import { askedNow } from './find-accounts.ts';
import type { Accounts } from './find-accounts.ts';
import { countGone, withoutLink } from './gone-accounts.ts';
import type { Deps, TargetAnswer, TargetSession } from './ports.ts';
import type { RunContext } from './run-context.ts';
import { services } from './services.ts';
import type { Matched, Scoped } from './stages.ts';

export async function matchPage(
  deps: Deps,
  context: RunContext,
  accounts: Accounts,
  scoped: readonly Scoped[],
): Promise<readonly Matched[]> {
  const matched = await Promise.all(
    scoped.map((object) => aboutObject(object.candidate.object.id, () => matchOne(deps, context, accounts, object))),
  );
  return refuseSharedAccounts(deps, context, matched);
}

async function matchOne(
  deps: Deps,
  context: RunContext,
  { target, finder }: Accounts,
  scoped: Scoped,
): Promise<Matched> {
  const { candidate, rule, scope } = scoped;
  const settled = (match: MatchVerdict): Matched => ({ ...scoped, match, queries: [], refusal: null });
  if (candidate.link !== null) {
    const linked = await linkedOne(deps, context, target, scoped, candidate.link);
    return linked ?? matchOne(deps, context, askedNow(target), await goneOne(deps, context, scoped));
  }
  // Its account is ours, also when the object left scope meanwhile: its creation was never answered, or its link forgotten.
  const orphaned = rule.enabled && isOurs(candidate) && scope.in === false;
  if (!orphaned && !needsMatch(rule, candidate, scope)) return settled({ kind: 'unmatched' });
  const asked = matchQueries(rule, {
    object: candidate.object,
    softDeleted: false,
    entitlements: candidate.entitlements,
    roles: context.servicePrincipal.appRoles,
    operation: 'create',
    services: services(deps),
  });
  if (!asked.ok) return { ...settled({ kind: 'unmatched' }), refusal: refuse(scoped, asked.error) };
  const queries = askable(asked.queries, target.dialect, rule.resourceType);
  // What may have been written since the accounts were listed is asked for now.
  const find = (query: MatchQuery) => finder.find(rule, query, candidate.unsure === true);
  const created = await lookUp(find, askable(candidate.foundBy ?? [], target.dialect, rule.resourceType));
  const isFound = await isStillOurs(deps, context, candidate, created);
  const match = isFound ? created : await lookUp(find, queries);
  if (orphaned && match.kind === 'unknown') return { ...settled(match), refusal: refuse(scoped, match.error) };
  if (!orphaned || match.kind !== 'matched') return { ...settled(match), queries };
  return { ...settled(match), candidate: { ...candidate, link: linkTo(deps, context, scoped, match.resource) } };
}

/**
 * An account that was created for the object, whose answer was lost, has the values that it had then. One that has gone to
 * another object since is none of ours. What could not be asked is no answer.
 */
async function isStillOurs(
  deps: Deps,
  { job }: RunContext,
  { object: { id, type } }: Candidate,
  created: MatchVerdict,
): Promise<boolean> {
  if (created.kind !== 'matched') return created.kind === 'unknown';
  const owners = await deps.provisioning.linkedTo(job.id, type, [created.resource.id]);
  return (owners.get(created.resource.id) ?? id) === id;
}

/** It has no link, and there may be an account of it all the same. */
export const isOurs = ({ unsure, formerlyLinked }: Candidate): boolean =>
  unsure === true || formerlyLinked !== undefined;

const linkTo = (deps: Deps, { job }: RunContext, { candidate, rule }: Scoped, found: TargetResource): Link => ({
  jobId: job.id,
  sourceId: candidate.object.id,
  type: candidate.object.type,
  targetId: found.id,
  displayName: '',
  known: known(deps, { candidate, rule }, found),
  state: 'active',
  createdAt: deps.clock.now(),
});

const known = (
  { fingerprint }: Deps,
  { candidate, rule }: Pick<Scoped, 'candidate' | 'rule'>,
  { attributes }: TargetResource,
): KnownAttributes => accountFrom(rule, attributes, sealOf(candidate.object.id, fingerprint));

/** Throws SystemError when more of them are gone than can be accidents. */
async function goneOne(deps: Deps, context: RunContext, { candidate, ...scoped }: Scoped): Promise<Scoped> {
  await countGone(deps, context, 1);
  return { ...scoped, candidate: withoutLink(candidate) };
}

/**
 * What is known of the account holds, unless something may have been written since: then it is read again. `null` when
 * it is not there any more, and the job wants it back.
 */
async function linkedOne(
  deps: Deps,
  { gone, cycle }: RunContext,
  target: TargetSession,
  scoped: Scoped,
  link: Link,
): Promise<Matched | null> {
  const { candidate, rule, scope } = scoped;
  const linked: Matched = { ...scoped, match: { kind: 'linked', link }, queries: [], refusal: null };
  if (candidate.unsure !== true || !rule.enabled || scope.in !== true) return linked;
  const found = await target.get(rule.resourceType, link.targetId);
  if (!found.ok) {
    if (!reportsGone(found.error)) return { ...linked, refusal: refuse(scoped, found.error) };
    return gone.recreate && !cycle.dryRun ? null : linked;
  }
  const read: Link = { ...link, known: known(deps, scoped, found.value) };
  return { ...linked, match: { kind: 'linked', link: read }, candidate: { ...candidate, link: read } };
}

/** The first attribute that finds something decides; an answer that could not be had is never "absent". */
async function lookUp(
  find: (query: MatchQuery) => Promise<TargetAnswer<readonly TargetResource[]>>,
  queries: readonly MatchQuery[],
): Promise<MatchVerdict> {
  const answered: AnsweredQuery[] = [];
  for (;;) {
    const decided = decideMatch(queries, answered);
    if (decided.kind !== 'ask') return decided;
    const found = await find(decided.query);
    if (!found.ok) return { kind: 'unknown', error: shownError(decided.query, found.error) };
    answered.push({ query: decided.query, resources: found.value });
  }
}

/** The answer may repeat the value that was asked for. */
const shownError = ({ redacted, value }: MatchQuery, error: ObjectError): ObjectError =>
  redacted === true ? redactedError(error, [value]) : error;

/** One account belongs to one source object: who is linked to it keeps it, else the first of the page in scope, or at all. */
async function refuseSharedAccounts(
  deps: Deps,
  { job }: RunContext,
  matched: readonly Matched[],
): Promise<readonly Matched[]> {
  const owners = new Map<string, string>();
  for (const type of ['User', 'Group'] as const) {
    const ids = matched.flatMap((m) =>
      m.candidate.object.type === type && m.match.kind === 'matched' ? [m.match.resource.id] : [],
    );
    if (ids.length === 0) continue;
    for (const [targetId, sourceId] of await deps.provisioning.linkedTo(job.id, type, ids))
      owners.set(`${type} ${targetId}`, sourceId);
  }
  for (const { candidate, match } of [...matched].sort(
    (a, b) => Number(a.scope.in !== true) - Number(b.scope.in !== true),
  )) {
    if (match.kind !== 'matched') continue;
    const { id, type } = candidate.object;
    const account = `${type} ${match.resource.id}`;
    if (!owners.has(account)) owners.set(account, id);
  }
  return matched.map((object) => {
    if (object.match.kind !== 'matched') return object;
    const { id, type } = object.candidate.object;
    const owner = owners.get(`${type} ${object.match.resource.id}`) ?? id;
    return owner === id
      ? object
      : { ...object, refusal: refuse(object, sharedAccount(object.match.resource, object.match.by, owner)) };
  });
}

const sharedAccount = (resource: TargetResource, by: MatchQuery, owner: string): ObjectError => ({
  code: 'DuplicateSourceEntries',
  message: `The account ${resource.id} found by ${by.targetPath} = "${shownQuery(by)}" already belongs to the directory object ${owner}.`,
  attribute: by.targetPath,
});

export const refuse = ({ candidate: { object } }: Scoped, error: ObjectError): Action => ({
  kind: 'refuse',
  because: 'object-error',
  sourceId: object.id,
  type: object.type,
  displayName: typeof object.attributes['displayName'] === 'string' ? object.attributes['displayName'] : object.id,
  error,
});
