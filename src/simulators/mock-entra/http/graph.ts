// Answers a call to Graph: faults first, then the handler, every refusal as an error body. Batches come back here per item.
import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import type { FaultVerdict } from '../faults.ts';
import { answerBatch } from './batch.ts';
import type { Answer, Call, World } from './call.ts';
import { GraphError } from './errors.ts';
import { dispatch } from './router.ts';

/** Answers one call; never throws. */
export async function answerGraph(world: World, call: Call, verdict: FaultVerdict): Promise<Answer> {
  try {
    refuseByFault(world, verdict);
    if (call.method === 'POST' && call.segments.length === 1 && call.segments[0] === '$batch')
      return await answerBatch(call, (item) => answerGraph(world, item, batchVerdict(world)));
    return await dispatch(world, call);
  } catch (error) {
    return errorAnswer(world, call, error);
  }
}

/** An item of a batch has no connection of its own that could break. */
function batchVerdict(world: World): FaultVerdict {
  const verdict = world.faults.next();
  return verdict === 'throttle' || verdict === 'unavailable' ? verdict : 'none';
}

function refuseByFault(world: World, verdict: FaultVerdict): void {
  const retryAfter = retryAfterOf(world);
  if (verdict === 'throttle')
    throw new GraphError(429, 'TooManyRequests', 'Too many requests.', {
      ...retryAfter,
      'x-ms-throttle-scope': `Tenant_Application/ReadWrite/provisor/${world.directory.tenant.id}`,
      'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
    });
  if (verdict === 'unavailable')
    throw new GraphError(503, 'serviceNotAvailable', 'The service is temporarily unavailable.');
}

function retryAfterOf({ faults, now }: World): Readonly<Record<string, string>> {
  const { throttle } = faults.current;
  if (throttle === null || throttle.retryAfter === 'none') return {};
  if (throttle.retryAfter === 'seconds') return { 'retry-after': String(throttle.seconds) };
  return { 'retry-after': new Date(now().getTime() + throttle.seconds * 1000).toUTCString() };
}

export function errorAnswer(world: Pick<World, 'now'>, call: Pick<Call, 'headers'>, error: unknown): Answer {
  const known = error instanceof GraphError;
  const status = known ? error.status : 500;
  const code = known ? error.code : 'UnknownError';
  const message = error instanceof Error ? error.message : String(error);
  const requestId = randomUUID();
  // The same in body and headers: support asks for either. */
  const ids = { 'request-id': requestId, 'client-request-id': call.headers['client-request-id'] ?? requestId };
  const innerError: Json = { date: world.now().toISOString().slice(0, 19), ...ids };
  const body: JsonObject = { error: { code, message, innerError } };
  return { status, body, headers: { ...ids, ...(known ? error.headers : {}) } };
}
