// The dialect of a job while it runs: what one page finds out about the target holds for the next page of any worker.
import { setTimeout as delay } from 'node:timers/promises';
import type { Job } from '../rules/model/job.ts';
import type { JsonObject } from '../rules/model/json.ts';
import type { Dialect, DialectKnobs, JobDialect, TargetConnection } from '../rules/model/target.ts';
import { dialectFor } from '../rules/scim/dialects.ts';
import { hintsOf, wordsForHints } from '../rules/scim/hints.ts';
import type { Deps, DialectFinding } from './ports.ts';

export interface SpokenDialect {
  readonly dialect: Dialect;
  readonly proven: JobDialect['proven'];
}

export const spokenBy = (job: Job, { baseAddress }: TargetConnection): SpokenDialect => ({
  dialect: dialectFor({ ...job, tenantUrl: baseAddress }),
  proven: job.dialect.proven,
});

/** As it stands now; `job` is how the job was when its cycle began. */
export async function presentDialect(deps: Deps, job: Job, connection: TargetConnection): Promise<SpokenDialect> {
  const present = await deps.jobs.get(job.id);
  return spokenBy(present === null ? job : { ...job, dialect: present.dialect }, connection);
}

/** Keeps a finding, and logs it and puts it on record once however many pages come upon it. */
export async function keepFinding(deps: Deps, job: Job, { knobs, proven, why }: DialectFinding): Promise<void> {
  const news = await deps.jobs.noteDialect(job.id, { knobs, proven });
  if (!news) return;
  deps.logger.info(
    { jobId: job.id, found: knobs, because: why },
    'a job was adapted to what its application understands',
  );
  await deps.logs.audit({
    id: deps.newId(),
    at: deps.clock.now(),
    actor: 'Provisor',
    activity: 'Adapt to the application',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    before: { found: job.dialect.found as JsonObject },
    after: { found: knobs as JsonObject, because: why },
  });
}

/** For all three documents: nothing waits for hints longer than that. */
const DISCOVERY_MS = 5_000;
export interface Discovered {
  /** News for the first of the jobs. */
  readonly hints: DialectKnobs;
  readonly requests: number;
}

/**
 * Reads what a target says of itself, for jobs with the same credentials. Never fails, and never takes long: what comes
 * later is kept all the same. Its session is its own, so that a refusal here is nobody else's loss.
 */
export async function discoverTarget(
  deps: Deps,
  jobs: readonly Job[],
  connection: TargetConnection,
): Promise<Discovered> {
  const patience = new AbortController();
  const late = delay(DISCOVERY_MS, undefined, { signal: patience.signal, ref: false }).then(() => nothingFound);
  const reading = readHints(deps, jobs, connection).catch((error: unknown) => {
    const message = 'what the application says of itself could not be read; its jobs go on without';
    deps.logger.warn({ err: error, jobIds: jobs.map(({ id }) => id) }, message);
    return nothingFound;
  });
  const found = await Promise.race([reading, late]);
  patience.abort();
  await late.catch(() => null);
  return found;
}
const nothingFound: Discovered = { hints: {}, requests: 0 };

async function readHints(deps: Deps, jobs: readonly Job[], connection: TargetConnection): Promise<Discovered> {
  const [first] = jobs;
  if (first === undefined) return nothingFound;
  const target = deps.targets.open(connection, spokenBy(first, connection).dialect);
  const description = await target.discover();
  const kept: DialectKnobs[] = [];
  for (const job of jobs) {
    const { knobs, found } = job.dialect;
    const hints = hintsOf(description, spokenBy(job, connection).dialect, { ...knobs, ...found });
    kept.push(hints);
    if (Object.keys(hints).length > 0)
      await keepFinding(deps, job, { knobs: hints, proven: [], why: wordsForHints(hints) });
  }
  return { hints: kept[0] ?? {}, requests: target.sent.requests };
}
