// /api/notifications: what people were told, to whom it got, and a test message.
import { z } from 'zod';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { jobOf } from '../../cycle/use-cases/not-found.ts';
import { listNotifications, sendTest } from '../../cycle/use-cases/notifications.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { channels, deliveryStates } from '../../rules/model/notifications.ts';
import type { Delivery, NotificationWithDeliveries } from '../../rules/model/notifications.ts';
import { readBody } from '../http/body.ts';
import type { Operation, Resource } from '../http/mount.ts';

const NEWEST = 100;
const testRequest = z.strictObject({ jobId: z.string().optional() });

const address = { channel: z.enum(channels), address: z.string() };
const delivery = z.strictObject({
  ...address,
  state: z.enum(deliveryStates),
  attempts: z.int().min(0),
  at: z.iso.datetime(),
  error: z.string().nullable(),
});
const notification = z
  .strictObject({
    id: z.string(),
    createdAt: z.iso.datetime(),
    event: z.looseObject({ kind: z.string(), jobId: z.string().nullable() }),
    deliveries: z.array(delivery).nullable(),
  })
  .meta({ id: 'notification' });

export const notificationRoutes = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  '/notifications': { GET: list(deps) },
  '/notifications/test': { POST: test(deps) },
});

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List the notifications of all jobs and their deliveries, newest first.',
  role: 'reader',
  status: 200,
  answer: z.strictObject({ value: z.array(notification) }),
  handle: async () => ({ value: (await listNotifications(deps, NEWEST)).map(shape) }),
});

const test = (deps: UseCaseDeps): Operation => ({
  summary: 'Send a test message to everybody who is told about a job, or about the installation.',
  role: 'operator',
  status: 200,
  body: testRequest,
  answer: z.strictObject({ value: z.array(z.strictObject({ ...address, error: z.string().nullable() })) }),
  handle: async (request) => {
    const { jobId } = readBody(testRequest, request);
    return { value: await sendTest(deps, jobId === undefined ? null : await jobOf(deps, jobId)) };
  },
});

const shape = ({ id, createdAt, event, deliveries }: NotificationWithDeliveries): JsonObject => ({
  id,
  createdAt: createdAt.toISOString(),
  event: JSON.parse(JSON.stringify(event)) as JsonObject,
  deliveries: deliveries?.map(deliveryShape) ?? null,
});
const deliveryShape = ({ at, ...rest }: Delivery): JsonObject => ({ ...rest, at: at.toISOString() });
