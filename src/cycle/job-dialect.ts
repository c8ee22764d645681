// The dialect of a job while it runs: what one page finds out about the target holds for the next page of any worker.
import type { Job } from '../rules/model/job.ts';
import type { JsonObject } from '../rules/model/json.ts';
import type { Dialect, JobDialect, TargetConnection } from '../rules/model/target.ts';
import { dialectFor } from '../rules/scim/dialects.ts';
import type { Deps, DialectFinding, TargetSession } from './ports.ts';

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

/** Keeps a finding, and puts it on record once however many pages come upon it. */
export async function keepFinding(deps: Deps, job: Job, { knobs, proven, why }: DialectFinding): Promise<void> {
  const news = await deps.jobs.noteDialect(job.id, { knobs, proven });
  if (!news) return;
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

/** Reads what the target says about itself; asked where it was just seen to answer. */
export async function discoverTarget(deps: Deps, job: Job, target: TargetSession): Promise<void> {
  const knobs = await target.discover();
  if (Object.keys(knobs).length > 0)
    await keepFinding(deps, job, { knobs, proven: [], why: 'the application says so of itself' });
}
