// SCIM Bulk (RFC 7644 §3.7): creates and changes that are asked for in the same moment go out in one request, within the
// limits of the dialect, and each gets its own answer back. A target that refuses bulk is sent them one by one.
import type { Json, JsonObject } from '../rules/model/json.ts';
import type { ObjectError } from '../rules/model/errors.ts';
import type { BulkLimits, DialectKnobs } from '../rules/model/target.ts';
import { isJsonObject } from '../rules/scim/read-path.ts';
import type { Answer } from './answer.ts';
import { refused } from './answer.ts';
import { ask, incompatible, judge } from './connection.ts';
import type { Ask } from './connection.ts';
import { correlationIdOf } from './observer.ts';
import { readDocument } from './scim-reply.ts';
import { learned } from './talk.ts';
import type { Talk, Waiting } from './talk.ts';
import type { WireReply } from './wire.ts';

/** A write by itself, or together with others where the target takes them so. */
export function sendWrite(talk: Talk, what: Ask): Promise<Answer<WireReply>> {
  const { waiting, dialect } = talk;
  if (waiting === null || dialect.bulk === null || what.headers !== undefined) return ask(talk.connection, what);
  return new Promise((done) => {
    const own = { ...what, correlationId: correlationIdOf(talk.connection) };
    if (waiting.push({ what: own, done }) === 1) setImmediate(() => flush(talk, waiting.splice(0)));
  });
}

function flush(talk: Talk, writes: readonly Waiting[]): void {
  const { bulk } = talk.dialect;
  const parts = bulk === null ? writes.map((one) => [one]) : cut(writes, bulk);
  for (const part of parts) {
    const answers = part.length === 1 ? null : together(talk, part);
    for (const [index, { what, done }] of part.entries())
      done(
        answers === null ? ask(talk.connection, what) : answers.then((all) => all[index] ?? ask(talk.connection, what)),
      );
  }
}

/** Room for the envelope of the request. */
const ENVELOPE_BYTES = 200;

function cut(
  writes: readonly Waiting[],
  { maxOperations, maxPayloadBytes }: BulkLimits,
): readonly (readonly Waiting[])[] {
  const parts: Waiting[][] = [];
  let bytes = 0;
  for (const one of writes) {
    const size = Buffer.byteLength(JSON.stringify(operationOf(one, 0))) + 1;
    const part = parts.at(-1);
    if (part === undefined || part.length >= maxOperations || bytes + size > maxPayloadBytes - ENVELOPE_BYTES) {
      parts.push([one]);
      bytes = size;
    } else {
      part.push(one);
      bytes += size;
    }
  }
  return parts;
}

const operationOf = ({ what: { method, segments, body = null } }: Waiting, index: number): JsonObject => ({
  method,
  path: `/${segments.map(encodeURIComponent).join('/')}`,
  bulkId: String(index + 1),
  data: body,
});

/** Answers of the operations in their order; `null` for those that are to be sent by themselves. */
async function together(talk: Talk, part: readonly Waiting[]): Promise<readonly (Answer<WireReply> | null)[]> {
  const doing = `write ${String(part.length)} objects at once`;
  const answer = await ask(talk.connection, {
    method: 'POST',
    segments: ['Bulk'],
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      // One that fails stops no other.
      failOnErrors: part.length,
      Operations: part.map(operationOf),
    },
    doing,
    about: 'collection',
    // What many changes have in common is their cycle.
    correlationId: talk.connection.correlation().cycleId ?? null,
  });
  if (!answer.ok) return ofRefusal(talk, part, answer.error);
  const results = part.map((_, index) => resultOf(answer.value, index, part.length));
  if (results.includes(null))
    await learned(talk, {
      knobs: { bulk: null },
      proven: [],
      why: 'a bulk request was answered without all its results',
    });
  return part.map((one, index) => answerOf(talk, one, results[index] ?? null));
}

/** Only a target that throttles is asked for the same again; bulk is worth no doubt. */
async function ofRefusal(
  talk: Talk,
  part: readonly Waiting[],
  error: ObjectError,
): Promise<readonly (Answer<WireReply> | null)[]> {
  const { status, message, code } = error;
  if (code === 'TooManyRequests' || status === 503) return part.map(() => refused(error));
  await learned(talk, { knobs: smaller(talk, status), proven: [], why: message });
  return part.map(() => (status !== undefined && refusesBulk.has(status) ? null : refused(error)));
}

/** Answers by which nothing of it was done. */
const refusesBulk: ReadonlySet<number> = new Set([400, 403, 404, 405, 413, 415, 501]);

function smaller({ dialect }: Talk, status: number | undefined): DialectKnobs {
  const { bulk } = dialect;
  if (status !== 413 || bulk === null || bulk.maxOperations <= 2) return { bulk: null };
  return { bulk: { ...bulk, maxOperations: Math.floor(bulk.maxOperations / 2) } };
}

/** By its bulkId; by its place where none of the results has one. */
function resultOf(reply: WireReply, index: number, count: number): JsonObject | null {
  const document = readDocument(reply);
  const listed = 'json' in document ? document.json['Operations'] : null;
  const results = Array.isArray(listed) ? (listed as readonly Json[]).filter(isJsonObject) : [];
  const named = results.find(({ bulkId }) => bulkId === String(index + 1));
  const unnamed = results.length === count && results.every(({ bulkId }) => bulkId === undefined);
  return named ?? (unnamed ? (results[index] ?? null) : null);
}

/** An operation without a result may have been done: it is looked up before it is sent again. */
function answerOf({ connection }: Talk, { what }: Waiting, result: JsonObject | null): Answer<WireReply> {
  const status = statusOf(result?.['status']);
  if (result === null || status === null)
    return refused(incompatible(what.doing, 'the application answered a bulk request without the result of this one'));
  const { response, location } = result;
  return judge(connection, what, {
    status,
    headers: typeof location === 'string' ? { location } : {},
    text: response === undefined || response === null ? '' : JSON.stringify(response),
  });
}

/** `"201"`, 201, or `{"code": "201"}` of older drafts. */
function statusOf(status: Json | undefined): number | null {
  const code = isJsonObject(status) ? status['code'] : status;
  const number = typeof code === 'string' || typeof code === 'number' ? Number(code) : Number.NaN;
  return Number.isInteger(number) && number >= 100 ? number : null;
}
