// One page of a cycle, start to end: import → scope → match → unique values → plan → export → record.
// Scheduled cycles, retries and what-if runs all come through here; a what-if stops before export.
import type { Action, Outcome } from '../rules/model/decisions.ts';
import { SystemError } from '../rules/model/errors.ts';
import type { Cycle, Page } from '../rules/model/job.ts';
import { jobSetting } from '../rules/model/job-settings.ts';
import { ruleFor } from '../rules/mapping/compile.ts';
import { deletionLimit, guardDeletions, isDestructive } from '../rules/safety/deletion-guard.ts';
import { nextRetryBy } from '../rules/safety/escrow-schedule.ts';
import { evaluateScope } from '../rules/scoping/evaluate-scope.ts';
import type { ScopeContext } from '../rules/scoping/evaluate-scope.ts';
import { correlated } from './correlation.ts';
import { endLost } from './end-cycle.ts';
import { exportPage } from './export-page.ts';
import { asListed } from './find-accounts.ts';
import { holdPage } from './hold-page.ts';
import type { Hold } from './hold-page.ts';
import { presentDialect } from './job-dialect.ts';
import { addMade } from './list-target.ts';
import { logOutcomes, logReferences } from './log-page.ts';
import { matchPage } from './match-page.ts';
import { planOf } from './plan-of.ts';
import type { Deps, TargetSession } from './ports.ts';
import type { Candidate, PageRecord } from '../rules/model/records.ts';
import { processReferences } from './process-references.ts';
import { readBeforeFilling } from './read-before-filling.ts';
import { openTarget } from './run-context.ts';
import type { RunContext } from './run-context.ts';
import { secondLook } from './second-look.ts';
import type { Planned, Scoped } from './stages.ts';
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
    const process = page.phase === 'references' ? referencePage : objectPage;
    const record = await process(deps, context, page, openTarget(deps, context, mayWrite));
    const ill = cycle.probing && record !== null ? await firstFailure(deps, context, page, record) : null;
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

async function objectPage(deps: Deps, context: RunContext, page: Page, target: TargetSession): Promise<PageRecord> {
  const begun = deps.clock.now();
  const imported = await deps.provisioning.candidates(context.job, page.objectIds, context.namedGroups);
  const scope = scopeContext(context);
  const scoped = imported.flatMap((candidate) => scopeOf(context, scope, candidate));
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

/** All objects of a cycle are evaluated at the time of its start, so that what time changes is found in one window. */
const scopeContext = ({ scope, servicePrincipal, cycle, job }: RunContext): ScopeContext => ({
  setting: scope,
  roles: servicePrincipal.appRoles,
  defaultAccessEntitles: jobSetting(job.settings, 'AllowDefaultEntitlement'),
  now: cycle.startedAt ?? cycle.queuedAt,
});

function scopeOf({ schema }: RunContext, context: ScopeContext, candidate: Candidate): readonly Scoped[] {
  const rule = ruleFor(schema, candidate.object.type);
  return rule === null ? [] : [{ candidate, rule, scope: evaluateScope(rule, candidate, context) }];
}

/** The deletion guard stands here, between plan and export. */
async function decided(
  deps: Deps,
  context: RunContext,
  page: Page,
  target: TargetSession,
  planned: readonly Planned[],
): Promise<readonly Outcome[]> {
  const { cycle, job } = context;
  const actions = planned.map(({ action }) => action);
  const heldBefore = new Set(planned.flatMap(({ candidate: { held, object } }) => (held ? [object.id] : [])));
  const destructive = actions.filter((action) => isDestructive(action) && !heldBefore.has(action.sourceId)).length;
  const countedBefore = destructive === 0 ? 0 : await deps.cycles.countDestructive(cycle.id, destructive);
  const { pass, held } = guardDeletions(actions, {
    limit: deletionLimit(job.settings),
    countedBefore,
    heldBefore,
    force: job.forceDeletes,
  });
  const kept = held.map((action): Outcome => ({ kind: 'held', action }));
  if (cycle.dryRun) return [...kept, ...pass.map((action): Outcome => ({ kind: 'planned', action }))];
  const busy = await deps.provisioning.intend(page, job.id, pass.filter(writes));
  return [...kept, ...(await exportPage(target, planned, pass, busy))];
}

const writes = ({ kind }: Action): boolean => kind !== 'skip' && kind !== 'refuse';

const envelope = (deps: Deps, { job }: RunContext, page: Page) => ({
  page,
  jobId: job.id,
  at: deps.clock.now(),
  nextRetry: nextRetryBy(job.settings),
});
