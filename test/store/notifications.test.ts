// The outbox on a real database: kept once, routed once, attempted by one notifier at a time.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JobEvent } from '../../src/rules/model/job-events.ts';
import type { Attempt } from '../../src/rules/model/notifications.ts';
import { jobId, openWorld } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => (world = await openWorld()));
beforeEach(() => world.reset());
afterAll(() => world.close());

const since = new Date('2026-03-01T10:00:00Z');
const quarantined: JobEvent = { kind: 'quarantined', jobId, reason: 'Unknown', error: null, since };
const to =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses.map((address) => ({ channel: 'email' as const, address })));
const taken = async (): Promise<Attempt> => {
  const attempt = await world.store.events.take(300);
  if (attempt === null) throw new Error('there was nothing to take');
  return attempt;
};

it('keeps an event once, and gives it back as it was', async () => {
  const { events } = world.store;
  await Promise.all([events.emit(quarantined), events.emit(quarantined), events.emit(quarantined)]);
  const [only, another] = await events.list(10);
  expect(only).toMatchObject({ event: quarantined, deliveries: null });
  expect(another).toBeUndefined();
});

it('keeps the events of a change with the change, or neither', async () => {
  const { jobs, events } = world.store;
  await jobs.update(jobId, { successiveFailures: 3 }, [quarantined]);
  expect(await events.list(10)).toHaveLength(1);
  await expect(jobs.update('nobody', {}, [{ ...quarantined, reason: 'TooManyDeletes' }])).rejects.toThrow('nobody');
  expect(await events.list(10)).toHaveLength(1);
});

it('routes each notification once and gives each delivery to one notifier, however many there are', async () => {
  const { events } = world.store;
  for (const nth of [1, 2, 3]) await events.emit({ ...quarantined, kind: 'quarantineReminder', nth });
  const routed = await Promise.all(Array.from({ length: 8 }, () => events.route(to('a@x', 'b@x'))));
  while (await events.route(to('a@x', 'b@x'))) routed.push(true);
  expect(routed.filter(Boolean)).toHaveLength(3);
  const attempts = (await Promise.all(Array.from({ length: 12 }, () => events.take(300)))).filter(
    (each) => each !== null,
  );
  while (attempts.length < 6) attempts.push(await taken());
  expect(new Set(attempts.map(({ deliveryId }) => deliveryId)).size).toBe(6);
  expect(await events.take(300)).toBeNull();
});

it('tries again what failed and what a dead notifier left, and an attempt that outlived its lease changes nothing', async () => {
  const { events } = world.store;
  await events.emit(quarantined);
  await events.route(to('a@x'));
  const first = await world.store.events.take(0);
  if (first === null) throw new Error('there was nothing to take');
  const second = await taken();
  expect([first.number, second.number]).toEqual([1, 2]);
  await events.finish(first, { delivered: false, error: 'late', retryInSeconds: null });
  await events.finish(second, { delivered: false, error: 'refused', retryInSeconds: 0 });
  const third = await taken();
  await events.finish(third, { delivered: false, error: 'refused again', retryInSeconds: null });
  expect(await events.take(300)).toBeNull();
  const [{ deliveries } = { deliveries: null }] = await events.list(1);
  expect(deliveries).toMatchObject([{ address: 'a@x', state: 'givenUp', attempts: 3, error: 'refused again' }]);
});

it('forgets what is old and settled, and keeps what somebody still waits for', async () => {
  const { events } = world.store;
  for (const nth of [1, 2]) await events.emit({ ...quarantined, kind: 'quarantineReminder', nth });
  await events.route(to('a@x'));
  await events.finish(await taken(), { delivered: true });
  await events.route(to('a@x'));
  await world.rows(`UPDATE notification SET created_at = now() - interval '91 days'`);
  await events.forgetOlderThan(90);
  expect(await events.list(10)).toHaveLength(1);
  expect(await world.rows('SELECT 1 FROM notification_delivery')).toHaveLength(1);
});
