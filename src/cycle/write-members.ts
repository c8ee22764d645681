// Sends the members of one group that are to go and to come: removals first, in batches that the dialect allows, each
// recorded before the next. A refused batch is halved until the poison member stands alone (invariant 8).
import { mayHaveHadEffect } from '../rules/model/errors.ts';
import type { ObjectError, ObjectErrorCode } from '../rules/model/errors.ts';
import { noIds, tallied, tallyOf } from '../rules/model/id-tally.ts';
import type { IdTally } from '../rules/model/id-tally.ts';
import type {
  MemberChange,
  MemberChangeKind,
  MemberGroup,
  MemberRetry,
  RefusedMember,
} from '../rules/model/records.ts';
import type { Dialect } from '../rules/model/target.ts';
import { nextRetryBy } from '../rules/safety/escrow-schedule.ts';
import { memberOperations } from '../rules/scim/patch.ts';
import { unlessWithdrawn } from './export-page.ts';
import type { Deps, TargetSession } from './ports.ts';
import { noteShownMembers } from './read-members.ts';
import type { RunContext } from './run-context.ts';

/** One group in the hands of one run. */
export interface GroupRun {
  readonly deps: Deps;
  readonly context: RunContext;
  readonly target: TargetSession;
  readonly group: MemberGroup;
  readonly retry: MemberRetry;
  /** Token under which this run holds the group. */
  readonly writer: string;
}
export interface WrittenMembers {
  readonly added: IdTally;
  readonly removed: IdTally;
  readonly refused: IdTally;
  readonly refusal: ObjectError | null;
  readonly error: ObjectError | null;
  /**
   * Why it stopped before its end, where that is no failure: another run has the group, the cycle was stopped, or something is
   * left for later.
   */
  readonly stopped: 'lost' | 'withdrawn' | 'unfinished' | null;
}

/** Ids that a process holds at once. */
const SLICE = 2_000;
/** So many members refused in a row, one by one, and the application takes nobody any more: the rest waits a cycle. */
const REFUSED_IN_A_ROW = 50;

interface Progress {
  added: IdTally;
  removed: IdTally;
  refused: IdTally;
  refusal: ObjectError | null;
  error: ObjectError | null;
  stopped: WrittenMembers['stopped'];
  /** Members per request: as the dialect says, less once the application showed that it takes less. */
  batch: number;
  refusedInARow: number;
  lookedUp: boolean;
}

/** Who is to go is left where he is unless `removes`. */
export async function writeMembers(run: GroupRun, lookedUp: boolean, removes: boolean): Promise<WrittenMembers> {
  const progress: Progress = {
    added: noIds,
    removed: noIds,
    refused: noIds,
    refusal: null,
    error: null,
    stopped: null,
    batch: batchSize(run.target.dialect),
    refusedInARow: 0,
    lookedUp,
  };
  if (removes) await writeKind(run, 'remove', progress);
  await writeKind(run, 'add', progress);
  return progress;
}

/** Where every write carries the whole list of members, there are as few of them as can be. */
const batchSize = ({ memberWrite, update, membersPerPatch }: Dialect): number =>
  memberWrite === 'replace' || update.Group === 'put' ? SLICE : Math.max(1, Math.floor(membersPerPatch));

const hasEnded = ({ error, stopped }: Progress): boolean => error !== null || stopped !== null;

async function writeKind(run: GroupRun, kind: MemberChangeKind, progress: Progress): Promise<void> {
  for (let after = ''; !hasEnded(progress);) {
    const slice = await nextSlice(run, kind, after, progress);
    const last = slice.at(-1);
    if (last === undefined) return;
    after = last.sourceId;
    for (let start = 0; start < slice.length && !hasEnded(progress);) {
      const batch = slice.slice(start, start + progress.batch);
      start += batch.length;
      await writeBatch(run, kind, batch, progress);
    }
  }
}

/** Additions of which it is not known whether they arrived are looked up first, once for the group. */
async function nextSlice(run: GroupRun, kind: MemberChangeKind, after: string, progress: Progress) {
  const { deps, context, group, retry } = run;
  const read = () =>
    deps.provisioning.memberChanges(context.job, { groupId: group.groupId, kind, after, limit: SLICE, retry });
  const slice = await read();
  if (kind === 'remove' || progress.lookedUp || !slice.some(({ unsure }) => unsure)) return slice;
  progress.lookedUp = true;
  progress.error = await noteShownMembers(run);
  return progress.error === null ? read() : [];
}

async function writeBatch(
  run: GroupRun,
  kind: MemberChangeKind,
  changes: readonly MemberChange[],
  progress: Progress,
): Promise<void> {
  const { deps, context, group, writer } = run;
  const batch = { jobId: context.job.id, cycleId: context.cycle.id, groupId: group.groupId, writer, kind, changes };
  if (!(await deps.provisioning.markMembers(batch))) {
    progress.stopped = 'lost';
    return;
  }
  const tried = await tryMembers(run, kind, changes, progress);
  const nextRetry = nextRetryBy(context.job.settings);
  const recorded = await deps.provisioning.recordMembers({ ...batch, ...tried, at: deps.clock.now(), nextRetry });
  if (recorded === 'lost') progress.stopped = 'lost';
  else if (recorded === 'ended') progress.stopped ??= 'withdrawn';
  note(kind, tried, progress);
}

function note(kind: MemberChangeKind, { done, refused, error, largest }: Tried, progress: Progress): void {
  const ids = tallyOf(done.map(({ sourceId }) => sourceId));
  if (kind === 'add') progress.added = tallied(progress.added, ids);
  else progress.removed = tallied(progress.removed, ids);
  progress.refused = tallied(progress.refused, tallyOf(refused.map(({ change }) => change.sourceId)));
  progress.refusal ??= refused[0]?.error ?? null;
  progress.error ??= error;
  // All of them went through, only not at once: the application takes fewer in one request.
  if (refused.length === 0 && error === null && largest > 0)
    progress.batch = Math.min(progress.batch, Math.max(largest, 1));
}

interface Tried {
  readonly done: readonly MemberChange[];
  readonly refused: readonly RefusedMember[];
  readonly untouched: readonly MemberChange[];
  /** Concerns the group: nothing more is sent. */
  readonly error: ObjectError | null;
  /** Members in the largest request that went through. */
  readonly largest: number;
}
const nothingTried: Tried = { done: [], refused: [], untouched: [], error: null, largest: 0 };

async function tryMembers(
  run: GroupRun,
  kind: MemberChangeKind,
  changes: readonly MemberChange[],
  progress: Progress,
): Promise<Tried> {
  if (hasEnded(progress)) return { ...nothingTried, untouched: changes };
  const answer = await send(run, kind, changes).catch(unlessWithdrawn);
  if (answer === null) {
    progress.stopped = 'withdrawn';
    return { ...nothingTried, untouched: changes };
  }
  const error = answer.ok ? null : answer.error;
  const [only, another] = changes;
  if (error === null || (only !== undefined && another === undefined && isGoneAnyway(kind, error))) {
    progress.refusedInARow = 0;
    return { ...nothingTried, done: changes, largest: changes.length };
  }
  if (!refusesContent.has(error.code))
    return { ...nothingTried, untouched: mayHaveHadEffect(error) ? [] : changes, error };
  if (only !== undefined && another === undefined) return refuse(only, error, progress);
  const middle = Math.ceil(changes.length / 2);
  const first = await tryMembers(run, kind, changes.slice(0, middle), progress);
  const rest = changes.slice(middle);
  if (first.error !== null) return { ...first, untouched: [...first.untouched, ...rest] };
  return together(first, await tryMembers(run, kind, rest, progress));
}

function refuse(change: MemberChange, error: ObjectError, progress: Progress): Tried {
  progress.refusedInARow += 1;
  if (progress.refusedInARow >= REFUSED_IN_A_ROW) progress.stopped = 'unfinished';
  const message = `Member ${change.sourceId} (${change.targetId}) was refused: ${error.message}`;
  return { ...nothingTried, refused: [{ change, error: { ...error, message } }] };
}

const together = (a: Tried, b: Tried): Tried => ({
  done: [...a.done, ...b.done],
  refused: [...a.refused, ...b.refused],
  untouched: [...a.untouched, ...b.untouched],
  error: a.error ?? b.error,
  largest: Math.max(a.largest, b.largest),
});

async function send({ target, group }: GroupRun, kind: MemberChangeKind, changes: readonly MemberChange[]) {
  const ids = changes.map(({ targetId }) => targetId);
  const [operations = []] = memberOperations(
    kind === 'add' ? { add: ids, remove: [] } : { add: [], remove: ids },
    ids.length,
  );
  return target.patch('Group', group.targetId, operations);
}

/** Refusals that one bad member can cause; others concern the whole group, and halving would only repeat them. */
const refusesContent: ReadonlySet<ObjectErrorCode> = new Set([
  'BadRequest',
  'Conflict',
  'UnprocessableEntity',
  'NotImplemented',
  'InternalServerError',
]);

/** Some applications refuse to remove who is no member: after a lost answer that is what was to be had. */
const isGoneAnyway = (kind: MemberChangeKind, { scimType }: ObjectError): boolean =>
  kind === 'remove' && scimType?.toLowerCase() === 'notarget';
