// What a status and an error code of Microsoft Graph mean to the reader, as one table, and the exceptions that follow.
import { SystemError, systemErrors } from '../rules/model/errors.ts';
import type { SystemErrorCode } from '../rules/model/errors.ts';
import type { JsonObject } from '../rules/model/json.ts';
import { isObject, objectAt, parseObject, textAt } from './shape.ts';

/** An answer of Graph that is not a success. */
export interface Refusal {
  readonly status: number;
  /** Codes of the error and of its inner errors, outermost first. */
  readonly codes: readonly string[];
  readonly message: string;
  readonly requestId: string | null;
}

export type Meaning =
  /** Worth asking again. */
  | 'transient'
  | 'unauthenticated'
  | 'forbidden'
  /** The directory itself says that this id does not exist. A 404 without such a code says nothing. */
  | 'not-found'
  /** The delta or skip token is no longer known: only a full round helps. */
  | 'link-expired'
  | 'refused';

const statusMeanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [408, 'transient'],
  [410, 'link-expired'],
  [429, 'transient'],
  [501, 'refused'],
]);
/** Codes in lower case: Graph and its documentation disagree about their case. They count on a 4xx only. */
const codeMeanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['syncstatenotfound', 'link-expired'],
  ['resyncrequired', 'link-expired'],
  ['syncstateinvalid', 'link-expired'],
  ['directory_expiredpagetoken', 'link-expired'],
]);
const notFoundCodes: ReadonlySet<string> = new Set(['request_resourcenotfound', 'resourcenotfound', 'itemnotfound']);

export function meaningOf(refusal: Pick<Refusal, 'status' | 'codes'>): Meaning {
  const { status } = refusal;
  const codes = refusal.codes.map((code) => code.toLowerCase());
  const byCode = status >= 400 && status < 500 ? codes.map((code) => codeMeanings.get(code)).find(Boolean) : undefined;
  if (byCode !== undefined) return byCode;
  if (status === 404 && codes.some((code) => notFoundCodes.has(code))) return 'not-found';
  return statusMeanings.get(status) ?? (status >= 500 ? 'transient' : 'refused');
}

/** Graph's `{error: {code, message, innerError}}`; the docs also show `innererror`. */
function errorChain(error: JsonObject | null): readonly JsonObject[] {
  const chain: JsonObject[] = [];
  for (let e = error; e !== null && chain.length < 8; e = objectAt(e, 'innerError') ?? objectAt(e, 'innererror'))
    chain.push(e);
  return chain;
}

/** `body` is the text of an HTTP answer, or the JSON body of an item in a batch. */
export function refusalOf(status: number, body: unknown, requestId: string | null = null): Refusal {
  const parsed = typeof body === 'string' ? parseObject(body) : isObject(body) ? body : null;
  const chain = errorChain(parsed === null ? null : objectAt(parsed, 'error'));
  const texts = (key: string): readonly string[] => chain.map((e) => textAt(e, key)).filter((t) => t !== null);
  return {
    status,
    codes: texts('code'),
    message: (texts('message')[0] ?? '').slice(0, 500),
    requestId: requestId ?? texts('request-id')[0] ?? null,
  };
}

/** `GET /v1.0/users/delta: 503 serviceNotAvailable "…" (request-id …)`. */
export function describeRefusal(what: string, refusal: Refusal): string {
  const code = refusal.codes.length === 0 ? '' : ` ${refusal.codes.join('/')}`;
  const message = refusal.message === '' ? '' : ` "${refusal.message}"`;
  const id = refusal.requestId === null ? '' : ` (request-id ${refusal.requestId})`;
  return `${what}: HTTP ${String(refusal.status)}${code}${message}${id}`;
}

export const lost = (code: SystemErrorCode, happened: string, cause?: unknown): SystemError =>
  new SystemError(code, `${happened}. ${systemErrors[code]}`, cause === undefined ? {} : { cause });

export const incomplete = (happened: string): SystemError => lost('DirectoryReadIncomplete', happened);

/** The exception for a refusal that the caller cannot use as an answer. */
export function refused(what: string, refusal: Refusal): SystemError {
  const text = describeRefusal(what, refusal);
  const meaning = meaningOf(refusal);
  if (meaning === 'unauthenticated')
    return lost(
      'DirectoryInvalidCredentials',
      `Microsoft Graph does not accept the token, ${text}; check GRAPH_BASE_URL too`,
    );
  if (meaning === 'forbidden')
    return lost('DirectoryInvalidCredentials', `The application lacks a Graph permission for ${text}`);
  return incomplete(`Microsoft Graph refused ${text}`);
}
