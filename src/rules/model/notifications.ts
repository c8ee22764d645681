// An event on its way to people: kept with the state it tells about, then sent to each address until it is delivered or given up.
import type { JobEvent } from './job-events.ts';

export const channels = ['email', 'webhook'] as const;
export type Channel = (typeof channels)[number];

/** `address`: a mail address, or the name of a webhook; never a URL, which may carry a secret. */
export interface Address {
  readonly channel: Channel;
  readonly address: string;
}

export interface Notification {
  /** Stays the same over all attempts and addresses. */
  readonly id: string;
  readonly event: JobEvent;
  readonly createdAt: Date;
}

export const deliveryStates = ['waiting', 'delivered', 'givenUp'] as const;
export type DeliveryState = (typeof deliveryStates)[number];
export interface Delivery extends Address {
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it was delivered or given up, else when it is tried next. */
  readonly at: Date;
  /** Why the last attempt failed. */
  readonly error: string | null;
}
export interface NotificationWithDeliveries extends Notification {
  /** `null`: no notifier has looked at it yet. */
  readonly deliveries: readonly Delivery[] | null;
}

/** One attempt at one address, which nobody else makes at the same time. */
export interface Attempt extends Address {
  readonly deliveryId: string;
  /** From 1. */
  readonly number: number;
  readonly notification: Notification;
}
/** `retryInSeconds` is `null` when it is given up. */
export type AttemptEnd =
  | { readonly delivered: true }
  | { readonly delivered: false; readonly error: string; readonly retryInSeconds: number | null };
