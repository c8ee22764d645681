// The checkpoint: everything that a page did becomes true in one transaction, or nothing does. Recording a page again
// changes nothing, so a crash between export and record costs a repeated page and never a double count.
import type { Action, Outcome, ReferenceOutcome } from '../../rules/model/decisions.ts';
import { addToCounts } from '../cycles/counts.ts';
import type { Tx } from '../database.ts';
import { insertLog } from '../logs/insert-log.ts';
import { settleIntents } from './intents.ts';
import { linkChanges } from './link-changes.ts';
import type { LinkUpsert } from './link-changes.ts';
import { recordFailures, releaseEscrows } from './record-escrows.ts';
import type { Failure, Settled } from './record-escrows.ts';
import { noteDeprovisionings } from './deprovisionings.ts';
import { recordHeldMembers } from './member-losses.ts';
import { recordHeld } from './record-held.ts';
import { settleLeavers, stageLeavers } from './record-leavers.ts';
import { claimedTwice, removeLinks, saveLinks } from './record-links.ts';
import type { PageScope } from './record-links.ts';
import { doubtMemberships } from './record-members.ts';
import { recordReferences, settleOwners } from './record-references.ts';
import { releaseReferences } from './reference-writers.ts';
import type { PageRecord } from '../../rules/model/records.ts';

/**
 * A what-if moves nothing: it leaves its log and its counts (invariant 3), and its leavers until it ends. `lost`: the page
 * is recorded already, or in the hand of another run.
 */
export async function recordPage(tx: Tx, record: PageRecord): Promise<'recorded' | 'lost'> {
  const cycle = await firstCompletion(tx, record);
  if (cycle === null) return 'lost';
  await addToCounts(tx, record.page.cycleId, record.counts);
  await insertLog(tx, record.log);
  const { jobId, page, at } = record;
  const scope: PageScope = { jobId, tenantId: cycle.tenantId, cycleId: page.cycleId, at };
  if (record.leavers !== undefined) {
    await stageLeavers(tx, scope, page, record.leavers, cycle.dryRun);
    return 'recorded';
  }
  if (cycle.dryRun) return 'recorded';
  const refused = await recordLinks(tx, scope, record.outcomes);
  await recordReferences(tx, scope, record.references);
  if (record.page.phase === 'references') {
    await settleOwners(tx, scope, dealtWith(record), record.references);
    await recordHeldMembers(tx, scope, record.references);
    await releaseReferences(tx, page.id);
  }
  await recordEscrows(tx, scope, record, refused);
  await noteDeprovisionings(tx, scope, record.outcomes);
  await recordHeld(tx, scope, record.outcomes);
  await settleLeavers(tx, scope, record.outcomes);
  await settleIntents(tx, record);
  await settleFormerLinks(tx, jobId, record.outcomes);
  await tx.revisit.deleteMany({ where: { jobId, sourceId: { in: [...dealtWith(record)] } } });
  return 'recorded';
}

/**
 * Takes the cycle's row first, as everything does that changes both, so that pages are recorded one after the other.
 * A page that is not there was recorded before its cycle ended.
 */
async function firstCompletion(
  tx: Tx,
  record: PageRecord,
): Promise<{ readonly dryRun: boolean; readonly tenantId: string } | null> {
  const { page, left } = record;
  const [cycle] = await tx.$queryRaw<{ dryRun: boolean; tenantId: string }[]>`
    SELECT c.dry_run AS "dryRun", j.tenant_id AS "tenantId" FROM cycle c JOIN job j ON j.id = c.job_id
    WHERE c.id = ${page.cycleId} FOR UPDATE OF c`;
  if (cycle === undefined) return null;
  const rest = left.length === 0 ? { done: true } : { objectIds: [...left] };
  const { count } = await tx.page.updateMany({
    where: { id: page.id, done: false, holder: page.holder },
    data: { ...rest, holder: null, heldUntil: null },
  });
  if (count === 0) return null;
  await tx.cycle.update({ where: { id: page.cycleId }, data: { done: { increment: dealtWith(record).length } } });
  return cycle;
}

function dealtWith({ page, left }: PageRecord): readonly string[] {
  const open = new Set(left);
  return page.objectIds.filter((id) => !open.has(id));
}

/** Answers the links that could not be made, because their account belongs to another object. */
async function recordLinks(tx: Tx, scope: PageScope, outcomes: readonly Outcome[]): Promise<readonly LinkUpsert[]> {
  const { upserts, removals } = linkChanges(outcomes);
  await removeLinks(tx, scope, removals);
  if (upserts.length === 0) return [];
  const twice = await claimedTwice(tx, scope, upserts);
  await saveLinks(
    tx,
    scope,
    upserts.filter(({ sourceId }) => !twice.has(sourceId)),
  );
  await doubtMemberships(
    tx,
    scope.jobId,
    outcomes.filter(isRestored).map(({ action }) => action.sourceId),
  );
  return upserts.filter(({ sourceId }) => twice.has(sourceId));
}

async function settleFormerLinks(tx: Tx, jobId: string, outcomes: readonly Outcome[]): Promise<void> {
  const decided = outcomes.filter(
    ({ kind, action }) => kind === 'applied' || (kind === 'skipped' && isVerdict(action)),
  );
  const ids = decided.map(({ action }) => action.sourceId);
  if (ids.length > 0) await tx.formerLink.deleteMany({ where: { jobId, sourceId: { in: ids } } });
}

/** A mapping that is switched off, or a filter that ignores an object, says nothing about its account. */
const isVerdict = ({ because }: Action): boolean =>
  because !== 'ObjectMappingDisabled' && because !== 'IgnoredByInputFilter';

const isRestored = ({ kind, action }: Outcome): boolean => kind === 'applied' && action.kind === 'restore';

async function recordEscrows(
  tx: Tx,
  scope: PageScope,
  record: PageRecord,
  refused: readonly LinkUpsert[],
): Promise<void> {
  const failures = [
    ...record.outcomes.flatMap(failedObject),
    ...refused.map(linkedElsewhere),
    ...failedReferences(record.references),
  ];
  const failed = new Set(failures.map(({ sourceId, subject }) => `${sourceId} ${subject}`));
  const settled = [...record.outcomes.flatMap(settledObject), ...record.references.map(subjectOf)];
  await releaseEscrows(
    tx,
    scope.jobId,
    settled.filter(({ sourceId, subject }) => !failed.has(`${sourceId} ${subject}`)),
  );
  await recordFailures(tx, { ...scope, nextRetry: record.nextRetry }, failures);
}

const failedObject = (outcome: Outcome): readonly Failure[] =>
  outcome.kind === 'failed'
    ? [
        {
          sourceId: outcome.action.sourceId,
          subject: 'object',
          action: outcome.action.kind,
          error: outcome.error,
          names: [outcome.action.displayName],
        },
      ]
    : [];

const isIgnored = (action: Outcome['action']): boolean => action.kind === 'skip' && action.because === 'EscrowIgnored';

const settledObject = ({ kind, action }: Outcome): readonly Settled[] =>
  kind === 'applied' || (kind === 'skipped' && !isIgnored(action))
    ? [{ sourceId: action.sourceId, subject: 'object' }]
    : [];

const subjectOf = ({ ownerId, attribute }: ReferenceOutcome): Settled => ({ sourceId: ownerId, subject: attribute });

/** One failure for an owner and attribute, however many writes of it were refused. */
function failedReferences(references: readonly ReferenceOutcome[]): readonly Failure[] {
  const failures = references.flatMap((reference): readonly Failure[] =>
    reference.error === null ? [] : [{ ...subjectOf(reference), action: 'update', error: reference.error }],
  );
  return [...new Map(failures.map((failure) => [`${failure.sourceId} ${failure.subject}`, failure])).values()];
}

const linkedElsewhere = ({ sourceId, targetId, displayName }: LinkUpsert): Failure => ({
  sourceId,
  subject: 'object',
  action: 'update',
  error: {
    code: 'DuplicateSourceEntries',
    message: `${displayName} (${sourceId}) maps to account ${targetId}, which is linked to another object of the directory.`,
  },
});
