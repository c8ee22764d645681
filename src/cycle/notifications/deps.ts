// What sending notifications needs. Channels and outbox are adapters' work, as the ports of the pipeline are.
import type { JobEvent } from '../../rules/model/job-events.ts';
import type { Address, Attempt, AttemptEnd, NotificationWithDeliveries } from '../../rules/model/notifications.ts';
import type { Message } from '../../rules/notifications/message.ts';
import type { Deps, Events } from '../ports.ts';

export interface NotifierDeps extends Pick<Deps, 'jobs' | 'secrets' | 'provisioning' | 'logger'> {
  readonly events: Outbox;
  readonly channels: Channels;
  /** Where people reach Provisor, without a slash at its end. */
  readonly publicUrl: string | null;
}

/** Events on their way to people. Times are those of the database. */
export interface Outbox extends Events {
  /** Turns the oldest new event into deliveries; `false` when there is none that nobody else has in hand. */
  route(addressesOf: (event: JobEvent) => Promise<readonly Address[]>): Promise<boolean>;
  /** A delivery that is due; nobody else gets it for `leaseSeconds`. */
  take(leaseSeconds: number): Promise<Attempt | null>;
  finish(attempt: Attempt, end: AttemptEnd): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly NotificationWithDeliveries[]>;
  /** Forgets events that are that old, unless somebody waits for one still. */
  forgetOlderThan(days: number): Promise<void>;
}

/** The ways to reach people that this installation has. */
export interface Channels {
  /** Who gets mail about jobs that name nobody. */
  readonly recipients: readonly string[];
  /** Names of the webhooks. */
  readonly webhooks: readonly string[];
  readonly mailIsSetUp: boolean;
  /** `null` when it was accepted, else one sentence that says why not. Ends within some minutes. */
  send(to: Address, message: Message): Promise<string | null>;
}
