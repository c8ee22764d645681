// Requests to one target with one credential: headers, concurrency, repetition, and the meaning of what comes back.
import { randomUUID } from 'node:crypto';
import type { LimitFunction } from 'p-limit';

import type { ObjectErrorCode } from '../rules/model/errors.ts';
import { SystemError } from '../rules/model/errors.ts';
import type { Json } from '../rules/model/json.ts';
import type { Answer } from './answer.ts';
import { done, refused } from './answer.ts';
import type { WireFailure } from './failure.ts';
import { toWireFailure } from './failure.ts';
import { waitAfterFailure, waitAfterReply } from './retry.ts';
import type { Wait } from './retry.ts';
import { readDocument, readRefusal } from './scim-reply.ts';
import { showable } from './secret-text.ts';
import { meaningOf } from './status-table.ts';
import type { TenantUrl } from './tenant-url.ts';
import { nameOf, pathBelow } from './tenant-url.ts';
import type { Method, Wire, WireReply } from './wire.ts';

/** The part of a logger that the client uses; pino fits. */
export interface TargetLogger {
  debug(fields: object, message: string): void;
}

export interface Connection {
  readonly base: TenantUrl;
  readonly token: string | null;
  readonly contentType: string;
  readonly userAgent: string;
  readonly wire: Wire;
  readonly limit: LimitFunction;
  readonly wait: (ms: number) => Promise<void>;
  readonly logger: TargetLogger | null;
  readonly sent: { requests: number; writes: number };
}

export interface Ask {
  readonly method: Method;
  readonly segments: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** What is being done to whom, for messages: `create user adele@contoso.com`. */
  readonly doing: string;
  /** Whether a 404 can mean that this very object is gone. */
  readonly about: 'object' | 'collection';
}

/** Throws SystemError when the target cannot be reached or does not accept the credentials. */
export function ask(connection: Connection, what: Ask): Promise<Answer<WireReply>> {
  return connection.limit(async () => {
    const reply = await exchange(connection, what);
    return 'kind' in reply ? refused(failureError(connection, what, reply)) : judge(connection, what, reply);
  });
}

/** The last reply or failure, after as many repetitions as are safe and useful. */
export async function exchange(connection: Connection, what: Ask): Promise<WireReply | WireFailure> {
  for (let number = 1; ; number += 1) {
    const result = await once(connection, what);
    const attempt = { method: what.method, number, now: new Date(), random: Math.random() };
    const wait: Wait = 'kind' in result ? waitAfterFailure(result, attempt) : waitAfterReply(result, attempt);
    if (wait === null) return result;
    const interruption = await connection.wait(wait).then(() => null, toWireFailure);
    if (interruption !== null) return interruption;
  }
}

async function once(connection: Connection, what: Ask): Promise<WireReply | WireFailure> {
  const correlationId = randomUUID();
  const { method, segments, doing } = what;
  const request = {
    origin: connection.base.origin,
    path: pathBelow(connection.base, segments, what.parameters),
    method,
    headers: headersOf(connection, what, correlationId),
    body: what.body === undefined ? null : JSON.stringify(what.body),
  };
  try {
    const reply = await connection.wire.send(request, () => count(connection, method));
    connection.logger?.debug({ correlationId, method, doing, status: reply.status }, 'target answered');
    return reply;
  } catch (error) {
    const failure = toWireFailure(error);
    connection.logger?.debug({ correlationId, method, doing, failure: failure.kind }, 'target did not answer');
    return failure;
  }
}

function count({ sent }: Connection, method: Method): void {
  sent.requests += 1;
  if (method !== 'GET') sent.writes += 1;
}

function headersOf(
  { userAgent, token, contentType }: Connection,
  { body }: Ask,
  correlationId: string,
): Record<string, string> {
  return {
    'user-agent': userAgent,
    accept: 'application/scim+json, application/json',
    'x-correlation-id': correlationId,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': contentType }),
  };
}

type Refusal = Extract<Answer<never>, { ok: false }>['error'];

function failureError(connection: Connection, { doing }: Ask, failure: WireFailure): Refusal {
  const place = nameOf(connection.base);
  switch (failure.kind) {
    case 'unreachable':
    case 'private':
    case 'closed':
      throw unreachable(connection, failure);
    case 'timeout':
      return { code: 'Timeout', message: `Could not ${doing}: ${place} gave ${failure.message}.` };
    case 'broken':
      return {
        code: 'WebExceptionProtocolError',
        message: `Could not ${doing}: ${failure.message} while ${place} was to answer.`,
      };
    case 'unusable':
      return incompatible(doing, `${place} answered with ${failure.message}`);
  }
}

export const unreachable = ({ base }: Connection, failure: WireFailure): SystemError =>
  new SystemError(
    'SystemForCrossDomainIdentityManagementUnreachable',
    `The application at ${nameOf(base)} cannot be reached: ${failure.message}.`,
    { cause: failure },
  );

export const incompatible = (
  doing: string,
  what: string,
  reply?: { readonly status: number; readonly detail: string },
): Refusal => ({
  code: 'SystemForCrossDomainIdentityManagementServiceIncompatible',
  message: `Could not ${doing}: ${what}.`,
  ...reply,
});

function judge(connection: Connection, what: Ask, reply: WireReply): Answer<WireReply> {
  if (reply.status >= 200 && reply.status < 300) return done(reply);
  if (reply.status === 401) throw wrongCredentials(connection, reply);
  const { scimType, detail } = readRefusal(reply);
  const code = codeFor(what, reply, scimType);
  const reason = detail ?? (reply.text === '' ? 'no reason given' : 'see the details');
  const kind = scimType === null ? '' : ` (${scimType})`;
  return refused({
    code,
    message: showable(
      `Could not ${what.doing}: ${nameOf(connection.base)} answered ${String(reply.status)}${kind}: ${reason}`,
      connection.token,
    ),
    status: reply.status,
    detail: showable(reply.text, connection.token),
  });
}

/** A 404 about an object counts only from a SCIM service: a page of HTML comes from whatever else stands in the way. */
function codeFor(what: Ask, reply: WireReply, scimType: string | null): ObjectErrorCode {
  const gone = reply.status === 404 || reply.status === 410;
  if (gone && (what.about === 'collection' || isHtml(reply)))
    return 'SystemForCrossDomainIdentityManagementServiceIncompatible';
  return meaningOf(reply.status, scimType);
}

function isHtml(reply: WireReply): boolean {
  const document = readDocument(reply);
  return 'problem' in document && document.problem.startsWith('HTML');
}

export const wrongCredentials = ({ base }: Connection, { status }: WireReply): SystemError =>
  new SystemError(
    'SystemForCrossDomainIdentityManagementInvalidCredentials',
    `The application at ${nameOf(base)} does not accept the secret token: it answered ${String(status)}.`,
  );
