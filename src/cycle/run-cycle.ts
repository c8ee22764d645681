// A cycle from beginning to end. Open this file first:
//
//   Graph ──refresh──▶ mirror ──page──▶ scope ▶ match ▶ plan ──▶ export ──▶ record (one transaction → next checkpoint)
//
// Who is to lose access comes first (phase leavers); the deletion guard judges all of them together, and what passes goes
// out (phase deprovision) before anything is made.
//
// The cycle's phase is the checkpoint. A phase is cut into pages, any worker processes them (process-page.ts), and the
// last one brings the cycle back here for the next phase. Postgres is the truth: every step can be asked for again.
import { SystemError } from '../rules/model/errors.ts';
import { cyclePhases, goesFirst } from '../rules/model/job.ts';
import type { Cycle, CyclePhase, Job } from '../rules/model/job.ts';
import { compileSchema, selectedProperties } from '../rules/mapping/compile.ts';
import { scopeReads } from '../rules/scoping/scope-reads.ts';
import type { ScopeReads } from '../rules/scoping/scope-reads.ts';
import { correlated } from './correlation.ts';
import { endFailed, endLost, endSucceeded } from './end-cycle.ts';
import { lastEvaluation } from './last-evaluation.ts';
import { judgeCycle } from './leavers.ts';
import type { Deps } from './ports.ts';
import { discoverTarget } from './job-dialect.ts';
import { openTarget, runContext } from './run-context.ts';
import type { RunContext } from './run-context.ts';

/** Takes a cycle that stands at `phase`, whose pages have ended, one phase further. */
export async function advanceCycle(deps: Deps, cycleId: string, phase: CyclePhase): Promise<void> {
  const cycle = await deps.cycles.get(cycleId);
  if (cycle?.phase !== phase || cycle.endedAt !== null) return;
  try {
    await correlated({ jobId: cycle.jobId, cycleId }, () =>
      phase === 'refresh' ? beginWith(deps, cycle) : goOnFrom(deps, cycle),
    );
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    await endLost(deps, cycle, error);
  }
}

/** Asks for the next step of unfinished cycles again: after a crash, or when the queue was lost. Asking twice is harmless. */
export async function resumeCycles(deps: Deps, which: (cycle: Cycle) => boolean = () => true): Promise<void> {
  for (const cycle of (await deps.cycles.unfinished()).filter(which)) await askAgain(deps, cycle);
}

/** Asks for the next step of a cycle, whatever was asked for before. */
export async function askAgain(deps: Deps, cycle: Cycle): Promise<void> {
  const { id, phase } = cycle;
  const pages = phase === 'refresh' ? [] : await deps.cycles.unfinishedPages(id, phase);
  if (pages.length === 0) return deps.queue.advance(id, phase);
  return sendPages(deps, cycle, pages);
}

/** Tells cycles that have not moved since they were last looked at. */
export function standingStill(): (cycle: Cycle) => boolean {
  const seen = new Map<string, string>();
  return ({ id, phase, progress }) => {
    const position = `${phase} ${String(progress.done)}`;
    const still = seen.get(id) === position;
    seen.set(id, position);
    return still;
  };
}

async function beginWith(deps: Deps, queued: Cycle): Promise<void> {
  const cycle = await deps.cycles.enterPhase(queued.id, 'refresh', 'refresh', { startedAt: deps.clock.now() });
  if (cycle === null) return;
  const context = await runContext(deps, cycle);
  const target = openTarget(deps, context);
  await target.testConnection(context.matchingPath);
  const asked = cycle.type === 'initial' ? (await discoverTarget(deps, [context.job], context.connection)).requests : 0;
  await deps.cycles.addCounts(cycle.id, { targetRequests: target.sent.requests + asked });
  if (cycle.trigger === 'onDemand') return beginOnDemand(deps, context);
  const certificate = await refresh(deps, context);
  await deps.cycles.addCounts(cycle.id, { sourceRequests: certificate.requests });
  await enterNext(deps, cycle, certificate.version);
}

/** Chosen objects are read from the directory one by one; what else changed there waits for the next cycle. */
async function beginOnDemand(deps: Deps, { cycle, job }: RunContext): Promise<void> {
  const { requests } = await deps.directory.readObjects({
    tenantId: job.tenantId,
    select: await selection(deps, await jobsOf(deps, job.tenantId)),
    servicePrincipalId: job.servicePrincipalId,
    ...(await deps.cycles.chosen(cycle.id)),
  });
  await deps.cycles.addCounts(cycle.id, { sourceRequests: requests });
  await enterNext(deps, cycle);
}

/** One read of the tenant serves all of its jobs: the selection is the union of what their schemas use. */
async function refresh(deps: Deps, { job: { tenantId } }: RunContext) {
  const jobs = await jobsOf(deps, tenantId);
  return deps.directory.refresh({
    tenantId,
    select: await selection(deps, jobs),
    servicePrincipalIds: [...new Set(jobs.map(({ servicePrincipalId }) => servicePrincipalId))],
  });
}

const jobsOf = async (deps: Deps, tenantId: string): Promise<readonly Job[]> =>
  (await deps.jobs.list()).filter((job) => job.tenantId === tenantId);

const selection = async (deps: Deps, jobs: readonly Job[]) =>
  selectedProperties(await Promise.all(jobs.map(async ({ id }) => (await deps.jobs.schema(id)).schema)));

async function goOnFrom(deps: Deps, cycle: Cycle): Promise<void> {
  const left = await deps.cycles.unfinishedPages(cycle.id, cycle.phase);
  const borne = goesFirst(cycle) && !left.includes(firstPage(cycle));
  if (borne) await deps.cycles.letFollow(cycle.id);
  if (left.length === 0) return enterNext(deps, cycle);
  // The cycle was stopped and goes on, or a worker died: whoever takes a page up waits until nobody else has it in hand.
  if ((await deps.cycles.pagesGivenUp(cycle.id, cycle.phase)) === 0)
    return sendPages(deps, { ...cycle, probing: cycle.probing && !borne }, left);
  await endFailed(deps, cycle, {
    code: 'InternalError',
    message: `${String(left.length)} pages of phase ${cycle.phase} could not be processed; the log of the worker says why. Nothing is lost: the next cycle covers the same changes.`,
  });
}

async function enterNext(deps: Deps, cycle: Cycle, to?: number): Promise<void> {
  const next = phaseAfter(cycle.phase);
  const entered = await deps.cycles.enterPhase(cycle.id, cycle.phase, next, {
    ...(to === undefined ? {} : { to }),
    ...(next === 'done' ? {} : { cut: await readsOf(deps, cycle) }),
    ...(next === 'deprovision' ? { guard: await judgeCycle(deps, cycle) } : {}),
  });
  if (entered === null) return;
  if (next === 'done') return endSucceeded(deps, entered);
  const pages = await deps.cycles.unfinishedPages(cycle.id, next);
  if (pages.length > 0) return sendPages(deps, entered, pages);
  return enterNext(deps, entered);
}

/** An application that was ill is tried with one object first; its page is recorded when the application bore it. */
const sendPages = (deps: Deps, { id, phase, probing }: Cycle, pages: readonly string[]): Promise<void> =>
  deps.queue.pages(id, phase, goesFirst({ probing, phase }) ? pages.slice(0, 1) : pages);
const firstPage = ({ id, phase }: Cycle): string => `${id}.${phase}.0`;

/** What filters look at beside the objects themselves, and what of it time has changed since everything was evaluated. */
async function readsOf(deps: Deps, { jobId, schemaVersion, startedAt, queuedAt }: Cycle): Promise<ScopeReads> {
  const { schema } = await deps.jobs.schemaVersion(jobId, schemaVersion);
  const last = await lastEvaluation(deps, jobId);
  return scopeReads(compileSchema(schema), last?.startedAt ?? null, startedAt ?? queuedAt);
}

const phaseAfter = (phase: CyclePhase): CyclePhase => cyclePhases[cyclePhases.indexOf(phase) + 1] ?? 'done';
