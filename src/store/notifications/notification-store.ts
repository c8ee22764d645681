// Notifications on their way: kept once, routed to addresses once, and attempted by one notifier at a time. Times are those
// of the database, so that notifiers on several machines agree. Fits Events and Outbox of the cycle.
import { randomUUID } from 'node:crypto';
import type { JobEvent } from '../../rules/model/job-events.ts';
import type {
  Address,
  Attempt,
  AttemptEnd,
  Channel,
  DeliveryState,
  Notification,
  NotificationWithDeliveries,
} from '../../rules/model/notifications.ts';
import type { Database, Tx } from '../database.ts';
import type { NotificationDelivery, Notification as NotificationRow } from '../generated/client.ts';
import { keepEvents, toEvent } from './outbox.ts';

export type NotificationRecords = ReturnType<typeof notificationStore>;

export function notificationStore(database: Database) {
  const { prisma } = database;
  return {
    emit: (event: JobEvent): Promise<void> => keepEvents(prisma, [event]),
    route: (addressesOf: (event: JobEvent) => Promise<readonly Address[]>) =>
      database.transaction((tx) => routeOne(tx, addressesOf)),
    take: (leaseSeconds: number) => takeOne(prisma, leaseSeconds),
    finish: (attempt: Attempt, end: AttemptEnd) => finish(prisma, attempt, end),
    list: (limit: number) => list(prisma, limit),
    forgetOlderThan: (days: number) => database.transaction((tx) => forgetOlderThan(tx, days)),
  };
}

/** Turns the oldest new notification into deliveries; `false` when there is none that nobody else has in hand. */
async function routeOne(tx: Tx, addressesOf: (event: JobEvent) => Promise<readonly Address[]>): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM notification WHERE routed_at IS NULL ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`;
  if (row === undefined) return false;
  const { event } = await tx.notification.findUniqueOrThrow({ where: { id: row.id } });
  const addresses = await addressesOf(toEvent(event));
  await tx.notificationDelivery.createMany({
    data: addresses.map(({ channel, address }) => ({ id: randomUUID(), notificationId: row.id, channel, address })),
    skipDuplicates: true,
  });
  await tx.$executeRaw`UPDATE notification SET routed_at = now() WHERE id = ${row.id}`;
  return true;
}

/** The most overdue delivery. Nobody else gets it before the lease is over; a notifier that died lets it go so. */
async function takeOne(tx: Tx, leaseSeconds: number): Promise<Attempt | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    UPDATE notification_delivery SET attempts = attempts + 1, at = now() + ${leaseSeconds} * interval '1 second'
    WHERE id = (SELECT id FROM notification_delivery WHERE state = 'waiting' AND at <= now()
                ORDER BY at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  if (row === undefined) return null;
  const { id, notificationId, channel, address, attempts } = await tx.notificationDelivery.findUniqueOrThrow({
    where: { id: row.id },
  });
  const notification = await tx.notification.findUniqueOrThrow({ where: { id: notificationId } });
  return {
    deliveryId: id,
    number: attempts,
    channel: channel as Channel,
    address,
    notification: toNotification(notification),
  };
}

/** An attempt that outlived its lease changes nothing any more, unless it delivered. */
async function finish(tx: Tx, { deliveryId, number }: Attempt, end: AttemptEnd): Promise<void> {
  if (end.delivered) {
    await tx.$executeRaw`
      UPDATE notification_delivery SET state = 'delivered', at = now(), error = NULL WHERE id = ${deliveryId}`;
    return;
  }
  const { error, retryInSeconds } = end;
  await tx.$executeRaw`
    UPDATE notification_delivery
    SET state = ${retryInSeconds === null ? 'givenUp' : 'waiting'}, error = ${error},
        at = now() + ${retryInSeconds ?? 0} * interval '1 second'
    WHERE id = ${deliveryId} AND state = 'waiting' AND attempts = ${number}`;
}

/** Newest first. */
async function list(tx: Tx, limit: number): Promise<readonly NotificationWithDeliveries[]> {
  const rows = await tx.notification.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit });
  const deliveries = await tx.notificationDelivery.findMany({
    where: { notificationId: { in: rows.map(({ id }) => id) } },
    orderBy: [{ channel: 'asc' }, { address: 'asc' }],
  });
  return rows.map((row) => ({
    ...toNotification(row),
    deliveries:
      row.routedAt === null
        ? null
        : deliveries.filter(({ notificationId }) => notificationId === row.id).map(toDelivery),
  }));
}

/** What nobody waits for any more. */
async function forgetOlderThan(tx: Tx, days: number): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM notification n
    WHERE created_at < now() - ${days} * interval '1 day' AND routed_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM notification_delivery d WHERE d.notification_id = n.id AND d.state = 'waiting')`;
  await tx.$executeRaw`
    DELETE FROM notification_delivery d WHERE NOT EXISTS (SELECT 1 FROM notification n WHERE n.id = d.notification_id)`;
}

const toNotification = ({ id, event, createdAt }: NotificationRow): Notification => ({
  id,
  event: toEvent(event),
  createdAt,
});
const toDelivery = ({ channel, address, state, attempts, at, error }: NotificationDelivery) => ({
  channel: channel as Channel,
  address,
  state: state as DeliveryState,
  attempts,
  at,
  error,
});
