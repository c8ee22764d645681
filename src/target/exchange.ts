// Requests to one target with one credential: headers, concurrency, repetition, a fresh token where one was refused.
import { randomUUID } from 'node:crypto';
import type { LimitFunction } from 'p-limit';

import { Withdrawn } from '../rules/model/errors.ts';
import type { SystemError } from '../rules/model/errors.ts';
import type { Json } from '../rules/model/json.ts';
import type { Dialect, TlsIdentity } from '../rules/model/target.ts';
import type { Credential } from './credential.ts';
import { toWireFailure, WireFailure } from './failure.ts';
import { correlationIdOf, tellAnswered, toldWait } from './observer.ts';
import type { Watched } from './observer.ts';
import { askForPause, untilPauseEnds } from './pace.ts';
import type { Pace, Patience } from './pace.ts';
import { waitAfterFailure, waitAfterReply } from './retry.ts';
import type { TenantUrl } from './tenant-url.ts';
import { pathBelow } from './tenant-url.ts';
import type { Method, Wire, WireReply } from './wire.ts';

/** The part of a logger that the client uses; pino fits. */
export interface TargetLogger {
  debug(fields: object, message: string): void;
}

export interface Connection extends Watched {
  readonly base: TenantUrl;
  readonly credential: Credential;
  readonly tls: TlsIdentity | null;
  readonly dialect: Pick<Dialect, 'contentType' | 'queryEncoding'>;
  readonly userAgent: string;
  readonly wire: Wire;
  readonly limit: LimitFunction;
  readonly pace: Pace;
  readonly patience: Patience;
  readonly wait: (ms: number) => Promise<void>;
  readonly logger: TargetLogger | null;
  /** Asked before each request that writes. */
  readonly mayWrite: () => Promise<boolean>;
  readonly sent: { requests: number; writes: number };
  readonly health: Health;
}
export interface Health {
  /** Set when the target was lost: nothing more is sent. */
  lost: SystemError | null;
  /** Answers in a row that deny what they were asked for, or are no SCIM. */
  denials: number;
  /** Requests in a row that were never answered, repetitions included. */
  silences: number;
  /** Whether it answers at all is being found out, for all that wait. */
  hearing: Promise<void> | null;
}

/** So many requests without an answer, or denials, in a row are no longer an accident of single objects. */
export const HANDFUL = 5;

/** Whether it stopped answering: then nothing is sent again before that is known. */
export const isSilent = ({ health }: Connection): boolean => health.silences >= HANDFUL;

export interface Ask {
  readonly method: Method;
  readonly segments: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is being done to whom, for messages: `create user adele@contoso.com`. */
  readonly doing: string;
  /** What it belongs to, where that is not the present change: of what waited to go out with others. */
  readonly correlationId?: string | null;
  /** Whether a 404 can mean that this very object is gone. */
  readonly about: 'object' | 'collection';
}

/**
 * The last reply or failure, after as many repetitions as are safe and useful. Throws SystemError without a token, and
 * Withdrawn when a write may not be sent any more and had no effect.
 */
export async function exchange(connection: Connection, what: Ask): Promise<WireReply | WireFailure> {
  let renewed = false;
  let last: WireReply | WireFailure | null = null;
  for (let number = 1; ; number += 1) {
    const go = await toldWait(connection, connection.pace.until, () => untilPauseEnds(connection, Date.now())).catch(
      toWireFailure,
    );
    if (go !== true) return go === false ? (last ?? throttled(connection)) : go;
    const authorization = await connection.credential.authorization();
    if (what.method !== 'GET' && !(await connection.mayWrite())) return withdrawn(what, last);
    last = await once(connection, what, authorization);
    if (!renewed && 'status' in last && last.status === 401 && connection.credential.renew(authorization)) {
      renewed = true;
      continue;
    }
    const interruption = await beforeNext(connection, what, last, number);
    if (interruption !== 'go on') return interruption ?? last;
  }
}

/** A request that failed before may have had an effect: that stands as its outcome. */
function withdrawn({ doing }: Ask, last: WireReply | WireFailure | null): WireFailure {
  if (last !== null && 'kind' in last) return last;
  throw new Withdrawn(`It was too late to ${doing}: the cycle was stopped, or another run has the page.`);
}

/** `null` = there is no next attempt. */
async function beforeNext(
  connection: Connection,
  { method }: Ask,
  result: WireReply | WireFailure,
  number: number,
): Promise<'go on' | WireFailure | null> {
  if ('kind' in result && isSilent(connection)) return null;
  const attempt = { method, number, now: new Date(), random: Math.random() };
  const wait = 'kind' in result ? waitAfterFailure(result, attempt) : waitAfterReply(result, attempt);
  if (wait === null) return null;
  if (!wait.everybody)
    return connection.wait(wait.ms).then(
      () => 'go on',
      (error: unknown) => toWireFailure(error),
    );
  askForPause(connection.pace, wait.ms, attempt.now.getTime());
  return 'go on';
}

const throttled = ({ pace }: Connection): WireFailure =>
  new WireFailure(
    'throttled',
    `it asked not to be asked again before ${new Date(pace.until).toISOString().slice(11, 19)} UTC`,
  );

async function once(connection: Connection, what: Ask, authorization: string | null): Promise<WireReply | WireFailure> {
  const targetRequestId = randomUUID();
  const { method, segments, doing } = what;
  const from = performance.now();
  const request = {
    origin: connection.base.origin,
    path: pathBelow(connection.base, segments, what.parameters, connection.dialect.queryEncoding),
    method,
    headers: headersOf(connection, what, targetRequestId, authorization),
    body: what.body === undefined ? null : JSON.stringify(what.body),
    tls: connection.tls,
  };
  try {
    const reply = await connection.wire.send(request, () => count(connection, method));
    connection.health.silences = 0;
    connection.logger?.debug({ targetRequestId, method, doing, status: reply.status }, 'target answered');
    tellAnswered(connection, method, from, { code: String(reply.status), headers: reply.headers });
    return reply;
  } catch (error) {
    const failure = toWireFailure(error);
    if (isSilence(failure)) connection.health.silences += 1;
    connection.logger?.debug({ targetRequestId, method, doing, failure: failure.kind }, 'target did not answer');
    tellAnswered(connection, method, from, { code: failure.kind, headers: {} });
    return failure;
  }
}

const isSilence = ({ kind }: WireFailure): boolean => kind === 'timeout' || kind === 'broken';

function count({ sent }: Connection, method: Method): void {
  sent.requests += 1;
  if (method !== 'GET') sent.writes += 1;
}

function headersOf(
  connection: Connection,
  { body, headers, correlationId = correlationIdOf(connection) }: Ask,
  targetRequestId: string,
  authorization: string | null,
): Record<string, string> {
  const { userAgent, dialect } = connection;
  return {
    'user-agent': userAgent,
    accept: 'application/scim+json, application/json',
    'client-request-id': targetRequestId,
    'x-correlation-id': correlationId ?? targetRequestId,
    ...(authorization === null ? {} : { authorization }),
    ...headers,
    ...(body === undefined ? {} : { 'content-type': dialect.contentType }),
  };
}
