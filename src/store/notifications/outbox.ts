// The outbox: events written in the transaction of the state that they tell about, each key once.
import { randomUUID } from 'node:crypto';
import { eventKey } from '../../rules/model/job-events.ts';
import type { JobEvent } from '../../rules/model/job-events.ts';
import { jsonValue } from '../database.ts';
import type { Tx } from '../database.ts';
import type { Prisma } from '../generated/client.ts';

export async function keepEvents(tx: Tx, events: readonly JobEvent[]): Promise<void> {
  if (events.length === 0) return;
  const data = events.map((event) => ({
    id: randomUUID(),
    key: eventKey(event),
    jobId: event.jobId,
    event: jsonValue(event),
  }));
  await tx.notification.createMany({ data, skipDuplicates: true });
}

/** Dates are ISO text in JSON. */
export function toEvent(stored: Prisma.JsonValue): JobEvent {
  const fields = Object.entries(stored as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    fields.map(([name, value]) => [name, name === 'since' || name === 'at' ? new Date(String(value)) : value]),
  ) as unknown as JobEvent;
}
