// The notifier: new notifications get their addresses, and each address is tried until it is delivered or given up. It has
// nothing to do with cycles but the table between them. Several may run: each delivery is in the hands of one.
import type { Attempt, AttemptEnd } from '../../rules/model/notifications.ts';
import { messageOf } from '../../rules/notifications/message.ts';
import type { About, Message } from '../../rules/notifications/message.ts';
import { nextAttemptIn } from '../../rules/notifications/next-attempt.ts';
import type { Job } from '../../rules/model/job.ts';
import { addressesFor } from './addresses.ts';
import type { NotifierDeps } from './deps.ts';

/** Longer than any attempt takes; so long a dead notifier keeps its delivery from others. */
const LEASE_SECONDS = 600;
/** A receiver that hangs does not keep the others waiting. */
const AT_ONCE = 4;

interface Options {
  /** No further attempt is begun once it is aborted. */
  readonly stopped?: AbortSignal;
  /** Seconds from a failed attempt to the next one; `null` gives up. */
  readonly waitAfter?: (attempt: number) => number | null;
}

/** Does what is due now. */
export async function deliverDue(deps: NotifierDeps, options: Options = {}): Promise<void> {
  while (await deps.events.route(async ({ jobId }) => addressesFor(deps, await jobOf(deps, jobId))));
  await Promise.all(Array.from({ length: AT_ONCE }, () => deliverAll(deps, options)));
}

async function deliverAll(deps: NotifierDeps, { stopped, waitAfter = nextAttemptIn }: Options): Promise<void> {
  while (stopped?.aborted !== true) {
    const attempt = await deps.events.take(LEASE_SECONDS);
    if (attempt === null) return;
    const refusal = await deps.channels.send(attempt, await messageFor(deps, attempt));
    const end: AttemptEnd =
      refusal === null
        ? { delivered: true }
        : { delivered: false, error: refusal, retryInSeconds: waitAfter(attempt.number) };
    await deps.events.finish(attempt, end);
    note(deps, attempt, end);
  }
}

async function messageFor(deps: NotifierDeps, { notification }: Attempt): Promise<Message> {
  return messageOf(notification, await aboutJob(deps, await jobOf(deps, notification.event.jobId)));
}

/** A job that was deleted meanwhile is told about by its id. */
const jobOf = async ({ jobs }: NotifierDeps, jobId: string | null): Promise<Job | null> =>
  jobId === null ? null : jobs.get(jobId);

export async function aboutJob({ provisioning, publicUrl }: NotifierDeps, job: Job | null): Promise<About> {
  const application = job === null ? null : await provisioning.servicePrincipal(job.tenantId, job.servicePrincipalId);
  return { application: application?.displayName ?? null, publicUrl };
}

function note({ logger }: NotifierDeps, attempt: Attempt, end: AttemptEnd): void {
  const { channel, address, number, notification } = attempt;
  const { kind, jobId } = notification.event;
  const facts = { notificationId: notification.id, event: kind, jobId, channel, address, attempt: number };
  if (end.delivered) logger.info(facts, 'a notification was delivered');
  else if (end.retryInSeconds !== null)
    logger.warn({ ...facts, ...end }, 'a notification was refused; it is tried again');
  else logger.warn({ ...facts, error: end.error }, 'a notification was refused so often that it is given up');
}
