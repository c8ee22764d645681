// What the clock alone brings about for a job in quarantine: reminders, and its end as a scheduled job.
import type { Job } from '../../rules/model/job.ts';
import { afterEvent, dueEvent } from '../../rules/safety/quarantine.ts';
import { audit } from './audit.ts';
import type { UseCaseDeps } from './deps.ts';

/** To be called now and then; calling it twice is harmless. */
export async function tendQuarantines(deps: UseCaseDeps): Promise<void> {
  for (const job of await deps.jobs.list()) if (job.scheduleState === 'Active') await tend(deps, job);
}

async function tend(deps: UseCaseDeps, job: Job): Promise<void> {
  const at = deps.clock.now();
  const event = dueEvent(job, at);
  if (event === null) return;
  const { patch, tells } = afterEvent(job, event, at);
  await deps.jobs.update(job.id, patch, tells);
  if (patch.scheduleState !== 'Disabled') return;
  await deps.queue.unschedule(job.id);
  await audit(deps, {
    actor: 'scheduler',
    activity: 'Disable provisioning after a long quarantine',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    before: { state: job.scheduleState, quarantine: job.quarantine?.reason ?? null },
    after: { state: 'Disabled' },
  });
}
