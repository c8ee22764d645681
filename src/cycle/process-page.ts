// One page of a cycle, start to end: import → scope → match → unique values → plan → export → record.
// Scheduled cycles, retries and what-if runs all come through here; a what-if stops before export.
import type { Action, MatchQuery, Outcome } from '../rules/model/decisions.ts';
import { SystemError } from '../rules/model/errors.ts';
import { goesFirst } from '../rules/model/job.ts';
import type { Cycle, CyclePhase, Page } from '../rules/model/job.ts';
import type { PageRecord } from '../rules/model/records.ts';
import { nextRetryBy } from '../rules/safety/escrow-schedule.ts';
import { correlated } from './correlation.ts';
import { endLost } from './end-cycle.ts';
import { exportPage } from './export-page.ts';
import { asListed } from './find-accounts.ts';
import { holdPage } from './hold-page.ts';
import type { Hold } from './hold-page.ts';
import { presentDialect } from './job-dialect.ts';
import { guardPage } from './guard-page.ts';
import { findLeavers } from './leavers.ts';
import { addMade } from './list-target.ts';
import { logOutcomes, logReferences } from './log-page.ts';
import { matchPage } from './match-page.ts';
import { planOf } from './plan-of.ts';
import type { Deps, TargetSession } from './ports.ts';
import { processReferences } from './process-references.ts';
import { readBeforeFilling } from './read-before-filling.ts';
import { openTarget } from './run-context.ts';
import type { RunContext } from './run-context.ts';
import { scopePage } from './scope-page.ts';
import { secondLook } from './second-look.ts';
import type { Planned } from './stages.ts';
import { referenceTally, tally } from './tally.ts';
import { firstFailure } from './try-first.ts';
import { chooseUniqueValues } from './unique-values.ts';

/** Does nothing for a page that is recorded already, or whose cycle has ended; waits for one that another run has in hand. */
export async function processPage(
  deps: Deps,
  contextOf: (cycle: Cycle) => Promise<RunContext>,
  pageId: string,
): Promise<void> {
  const hold = await holdPage(deps, pageId);
  if (hold === null) return;
  try {
    await processHeld(deps, contextOf, hold);
  } finally {
    await hold.release();
  }
}

async function processHeld(deps: Deps, contextOf: (cycle: Cycle) => Promise<RunContext>, hold: Hold): Promise<void> {
  const { id: pageId, cycleId } = hold.page;
  const cycle = await deps.cycles.get(cycleId);
  if (cycle?.endedAt !== null) return;
  const ids = { jobId: cycle.jobId, cycleId: cycle.id, pageId };
  await correlated(ids, () => processOf(deps, contextOf, cycle, hold));
}

async function processOf(
  deps: Deps,
  contextOf: (cycle: Cycle) => Promise<RunContext>,
  cycle: Cycle,
  { page, mayWrite }: Hold,
): Promise<void> {
  try {
    const shared = await contextOf(cycle);
    const spoken = await presentDialect(deps, shared.job, shared.connection);
    const context = { ...shared, ...spoken, cycle };
    const record = await processorOf(page.phase)(deps, context, page, openTarget(deps, context, mayWrite));
    const ill = goesFirst(cycle) && record !== null ? await firstFailure(deps, context, page, record) : null;
    const recorded = record === null ? 'lost' : await deps.provisioning.recordPage(record);
    if (recorded === 'lost')
      deps.logger.warn({ pageId: page.id }, 'another run has taken the page over and records it');
    if (ill !== null) await endLost(deps, cycle, ill);
  } catch (error) {
    if (!(error instanceof SystemError)) {
      await deps.cycles.pageFailed(page.id).catch(() => undefined);
      throw error;
    }
    await endLost(deps, cycle, error);
  }
}

function processorOf(phase: CyclePhase) {
  if (phase === 'leavers') return leaversPage;
  return phase === 'references' ? referencePage : objectPage;
}

/** Only looks who is to lose access; the objects themselves come by again in a later phase. */
async function leaversPage(deps: Deps, context: RunContext, page: Page): Promise<PageRecord> {
  const leavers = await findLeavers(deps, context, page);
  return { ...envelope(deps, context, page), outcomes: [], references: [], left: [], leavers, counts: {}, log: [] };
}

async function objectPage(deps: Deps, context: RunContext, page: Page, target: TargetSession): Promise<PageRecord> {
  const begun = deps.clock.now();
  const imported = await deps.provisioning.candidates(context.job, page.objectIds, context.namedGroups);
  const scoped = scopePage(context, imported);
  const matched = await matchPage(deps, context, asListed(deps, context, target), scoped);
  const unique = await chooseUniqueValues(deps, context, target, page, matched);
  const plans = unique.map((object) => planOf(deps, context, object));
  const planned = await readBeforeFilling(deps, context, target, plans);
  const first = await decided(deps, context, page, target, planned);
  const exported = await secondLook(deps, context, target, page, { planned, outcomes: first });
  const { outcomes } = exported;
  const left = undecided(planned, outcomes);
  const dealtWith = scoped.filter(({ candidate }) => !left.includes(candidate.object.id));
  await addMade(deps, context, exported.planned, outcomes);
  return {
    ...envelope(deps, context, page),
    outcomes,
    references: [],
    left,
    counts: tally(imported.length - left.length, dealtWith, outcomes, target.sent),
    log: logOutcomes(deps, context, exported.planned, outcomes, begun),
  };
}

/** Objects that could not be dealt with before the cycle was stopped. */
function undecided(planned: readonly Planned[], outcomes: readonly Outcome[]): readonly string[] {
  const decided = new Set(outcomes.map(({ action }) => action.sourceId));
  return planned.map(({ candidate }) => candidate.object.id).filter((id) => !decided.has(id));
}

async function referencePage(
  deps: Deps,
  context: RunContext,
  page: Page,
  target: TargetSession,
): Promise<PageRecord | null> {
  const begun = deps.clock.now();
  const processed = await processReferences(deps, context, target, page);
  if (processed === null) return null;
  const { references, left } = processed;
  return {
    ...envelope(deps, context, page),
    outcomes: [],
    references: references.map(({ outcome }) => outcome),
    left,
    counts: referenceTally(references, context.cycle, target.sent),
    log: logReferences(deps, context, references, begun),
  };
}

/** The deletion guard stands here, between plan and export. */
async function decided(
  deps: Deps,
  { cycle, job }: RunContext,
  page: Page,
  target: TargetSession,
  planned: readonly Planned[],
): Promise<readonly Outcome[]> {
  const { pass, kept } = guardPage(cycle, page, planned);
  if (cycle.dryRun) return [...kept, ...pass.map((action): Outcome => ({ kind: 'planned', action }))];
  const busy = await deps.provisioning.intend(page, job.id, pass.filter(writes), foundBy(planned));
  return [...kept, ...(await exportPage(target, planned, pass, busy))];
}

/** What a new account will be found by, should its answer be lost. Values that nobody may see are not kept. */
const foundBy = (planned: readonly Planned[]): ReadonlyMap<string, readonly MatchQuery[]> =>
  new Map(
    planned.map(({ candidate, queries }) => [candidate.object.id, queries.filter(({ redacted }) => redacted !== true)]),
  );

const writes = ({ kind }: Action): boolean => kind !== 'skip' && kind !== 'refuse';

const envelope = (deps: Deps, { job }: RunContext, page: Page) => ({
  page,
  jobId: job.id,
  at: deps.clock.now(),
  nextRetry: nextRetryBy(job.settings),
});
