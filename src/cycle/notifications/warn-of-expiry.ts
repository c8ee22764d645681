// Credentials that expire soon are told about, once each time: 30, 7 and 1 days before.
import type { Job } from '../../rules/model/job.ts';
import { warningDue } from '../../rules/notifications/expiry.ts';
import type { Deps } from '../ports.ts';
import { expiriesOf } from './expiries.ts';
import type { Expiry } from './expiries.ts';

type ExpiryDeps = Pick<Deps, 'jobs' | 'secrets' | 'events' | 'clock' | 'logger'>;

/** `own`: what the installation itself uses. Jobs that nobody has started are left out. */
export async function warnOfExpiry(deps: ExpiryDeps, own: readonly Expiry[]): Promise<void> {
  for (const one of own) await warn(deps, null, one);
  for (const job of await deps.jobs.list()) {
    if (job.scheduleState === 'Disabled') continue;
    for (const one of await expiriesOfJob(deps, job)) await warn(deps, job.id, one);
  }
}

async function warn({ events, clock }: ExpiryDeps, jobId: string | null, { which, at }: Expiry): Promise<void> {
  const daysBefore = warningDue(at, clock.now());
  if (daysBefore !== null) await events.emit({ kind: 'credentialExpiring', jobId, which, at, daysBefore });
}

/** Secrets of one job that cannot be read keep nobody from being warned about the others. */
async function expiriesOfJob({ secrets, logger }: ExpiryDeps, job: Job): Promise<readonly Expiry[]> {
  try {
    return expiriesOf(await secrets.get(job.servicePrincipalId));
  } catch (error) {
    logger.warn({ err: error, jobId: job.id }, 'the secrets of a job cannot be read, so nobody knows when they expire');
    return [];
  }
}
