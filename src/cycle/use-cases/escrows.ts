// What is in escrow, and what operators decide about it: try again now, ignore, or leave alone until a time.
import { ConfigError } from '../../rules/model/errors.ts';
import type {
  EscrowCauseEntry,
  EscrowChoice,
  EscrowDecision,
  EscrowEntry,
  EscrowQuery,
} from '../../rules/model/escrow.ts';
import type { Job } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { audit } from './audit.ts';
import type { UseCaseDeps } from './deps.ts';
import { notFound } from './not-found.ts';
import { dueAt } from './schedule.ts';

export interface EscrowPage {
  readonly entries: readonly EscrowEntry[];
  /** Where the next page begins; `null` after the last one. */
  readonly next: string | null;
}
export const listEscrows = (deps: UseCaseDeps, job: Job, query: EscrowQuery): Promise<EscrowPage> =>
  deps.escrows.list(job.id, query);

export const escrowCauses = (deps: UseCaseDeps, job: Job): Promise<readonly EscrowCauseEntry[]> =>
  deps.escrows.causes(job.id);

export interface EscrowAct {
  readonly choice: EscrowChoice;
  readonly reason: string | null;
  readonly actor: string;
}
export interface EscrowActed {
  /** Failures that it was about. */
  readonly count: number;
  /** When the job looks at them next; `null` while it is paused or disabled. */
  readonly nextCycle: Date | null;
}

/** Due in the next cycle, whatever was decided before. Throws ConfigError when nothing was chosen, as the others do. */
export const retryEscrows = (deps: UseCaseDeps, job: Job, act: EscrowAct): Promise<EscrowActed> =>
  decide(deps, job, act, 'Retry escrow', { state: 'retrying', nextRetry: deps.clock.now() });

/** Not tried again before its source object changes, or somebody retries it. */
export const ignoreEscrows = (deps: UseCaseDeps, job: Job, act: EscrowAct): Promise<EscrowActed> =>
  decide(deps, job, act, 'Ignore escrow', { state: 'ignored', nextRetry: null });

/** Not tried again before `until`, or its source object changes. */
export function snoozeEscrows(deps: UseCaseDeps, job: Job, act: EscrowAct, until: Date): Promise<EscrowActed> {
  if (until <= deps.clock.now())
    throw new ConfigError('Request_BadRequest', `until is ${until.toISOString()}: it must be a time to come.`, 'until');
  return decide(deps, job, act, 'Snooze escrow', { state: 'snoozed', nextRetry: until });
}

async function decide(
  deps: UseCaseDeps,
  job: Job,
  { choice, reason, actor }: EscrowAct,
  activity: string,
  decided: Pick<EscrowDecision, 'state' | 'nextRetry'>,
): Promise<EscrowActed> {
  const count = await deps.escrows.decide(job.id, choice, { ...decided, note: reason, notedBy: actor });
  if (count === 0) throw nothingThere(choice);
  await audit(deps, {
    actor,
    activity,
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    after: { ...(choice as JsonObject), reason, count, until: decided.nextRetry?.toISOString() ?? null },
  });
  return { count, nextCycle: await nextCycle(deps, job) };
}

function nothingThere(choice: EscrowChoice): ConfigError {
  const where = "See what is in escrow with 'provisor escrows list'.";
  if ('ids' in choice) return notFound('Failure', choice.ids.join(', '), where);
  if ('cause' in choice) return notFound('Cause', choice.cause, where);
  return notFound('Failure', 'all', 'Nothing is in escrow.');
}

async function nextCycle(deps: UseCaseDeps, job: Job): Promise<Date | null> {
  if (job.scheduleState !== 'Active') return null;
  return new Date(Math.max(await dueAt(deps, job), deps.clock.now().getTime()));
}
