// One question to Microsoft Graph, asked again while that helps: token, request, whole answer.
import { ResponseType, RetryHandlerOptions } from '@microsoft/microsoft-graph-client';
import type { Client, GraphRequest } from '@microsoft/microsoft-graph-client';
import type { TokenCredential } from '@azure/identity';
import type { JsonObject } from '../rules/model/json.ts';
import { describeRefusal, incomplete, lost, meaningOf, refusalOf, refused } from './errors.ts';
import type { Refusal } from './errors.ts';
import { patiently, retryAfterOf } from './retry.ts';
import type { Attempt, Patience } from './retry.ts';
import { parseObject } from './shape.ts';
import { tokenFailure } from './token-errors.ts';
import { connectionReason } from './transport.ts';

export type Answer =
  | { readonly ok: true; readonly body: JsonObject }
  /** Not found, expired link, or otherwise refused: the caller knows what it means to it. */
  | { readonly ok: false; readonly refusal: Refusal };

export interface Wire {
  readonly client: Client;
  readonly credential: TokenCredential;
  readonly scope: string;
  readonly patience: Patience;
}

/** Of the Graph client: longest wait it can make, in milliseconds, and its largest number of repetitions. */
const clientMaxWait = 180_000;
const clientMaxRetries = 10;

/** GET without a body, else POST. Throws SystemError when patience is over or the credentials are refused. */
export async function exchange(wire: Wire, url: string, body: JsonObject | null): Promise<Answer> {
  const what = `${body === null ? 'GET' : 'POST'} ${pathOf(url)}`;
  let rejectedTokens = 0;
  return patiently(wire.patience, what, async (left): Promise<Attempt<Answer>> => {
    const attempt = await attemptOnce(wire, { url, what, body, left });
    if (attempt.kind === 'again' || attempt.value.ok) return attempt;
    if (meaningOf(attempt.value.refusal) !== 'unauthenticated') return attempt;
    // The token can have expired while the client waited for Retry-After: a new one is tried, once.
    const failure = refused(what, attempt.value.refusal);
    if (++rejectedTokens > 1) throw failure;
    return { kind: 'again', failure, retryAfter: 0 };
  });
}

interface Call {
  readonly url: string;
  readonly what: string;
  readonly body: JsonObject | null;
  /** Milliseconds of patience left. */
  readonly left: number;
}

async function attemptOnce(wire: Wire, call: Call): Promise<Attempt<Answer>> {
  const noToken = await tokenProblem(wire);
  if (noToken !== null) return noToken;
  try {
    const request = wire.client.api(call.url).responseType(ResponseType.RAW);
    const response = await unlessClosed(
      wire,
      send(request.middlewareOptions([clientRetries(wire.patience, call)]), call.body),
    );
    return await readAnswer(response, call.what);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    const failure = lost(
      'DirectoryUnreachable',
      `Microsoft Graph did not answer ${call.what}: ${error.message}`,
      error,
    );
    return { kind: 'again', failure, retryAfter: null };
  }
}

/** Asked for ahead of the request (the credential caches it): inside the client its errors would lose their type. */
async function tokenProblem(wire: Wire): Promise<Attempt<never> | null> {
  const { credential, scope, patience } = wire;
  try {
    const options = { requestOptions: { timeout: patience.pace.requestTimeout } };
    const token = await unlessClosed(wire, credential.getToken(scope, options));
    if (token === null) throw new Error('the credential gave none');
    return null;
  } catch (error) {
    const { transient, error: failure } = tokenFailure(error);
    if (!transient && !patience.closing.aborted) throw failure;
    return { kind: 'again', failure, retryAfter: null };
  }
}

class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

async function send(request: GraphRequest, body: JsonObject | null): Promise<Response> {
  const sent: Promise<unknown> = body === null ? request.get() : request.post(body);
  const response = await sent.catch((error: unknown) => {
    throw new ConnectionLost(connectionReason(error), { cause: error });
  });
  if (response instanceof Response) return response;
  throw new TypeError('The Graph client was asked for a raw response and gave something else.');
}

/** The client's wait for Retry-After cannot be interrupted, but nobody has to stay for it. */
function unlessClosed<T>({ patience: { closing } }: Wire, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(new ConnectionLost('the reader was closed'));
    if (closing.aborted) leave();
    closing.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => closing.removeEventListener('abort', leave));
  });
}

/** The client repeats 429, 503 and 504 with a Retry-After that it can wait for and patience allows; we see to the rest. */
function clientRetries({ log, observer }: Patience, call: Call): RetryHandlerOptions {
  const started = performance.now();
  return new RetryHandlerOptions(0, clientMaxRetries, (_delay, attempt, _request, _options, response) => {
    const asked = retryAfterOf(response.headers.get('Retry-After'), Date.now());
    const left = call.left - (performance.now() - started);
    if (asked === null || asked > Math.min(left, clientMaxWait)) return false;
    const { status } = response;
    log.warn(
      { attempt: attempt + 1, status, waitMs: asked },
      `${call.what} is throttled or unavailable, waiting as asked`,
    );
    observer?.waited(asked / 1000);
    response.arrayBuffer().catch(() => undefined);
    return true;
  });
}

async function readAnswer(response: Response, what: string): Promise<Attempt<Answer>> {
  const text = await response.text().catch((error: unknown) => new ConnectionLost(connectionReason(error)));
  if (text instanceof Error) return again(`The answer to ${what} broke off: ${text.message}`);
  const requestId = response.headers.get('request-id');
  if (response.ok) {
    const body = parseObject(text);
    if (body !== null) return { kind: 'done', value: { ok: true, body } };
    return again(`The answer to ${what} is not the JSON object it should be (request-id ${requestId ?? 'unknown'})`);
  }
  const refusal = refusalOf(response.status, text, requestId);
  const meaning = meaningOf(refusal);
  if (meaning === 'forbidden') throw refused(what, refusal);
  if (meaning !== 'transient') return { kind: 'done', value: { ok: false, refusal } };
  const retryAfter = retryAfterOf(response.headers.get('Retry-After'), Date.now());
  return again(`Microsoft Graph failed, ${describeRefusal(what, refusal)}`, retryAfter);
}

const again = (happened: string, retryAfter: number | null = null): Attempt<never> => ({
  kind: 'again',
  failure: incomplete(happened),
  retryAfter,
});

/** Path without its query: the tokens of links say nothing to a reader of a message. */
const pathOf = (url: string): string =>
  url.startsWith('https://') ? new URL(url).pathname : `/v1.0${url.split('?', 1)[0] ?? ''}`;
