// One request to a Graph path, and its answer, free of sockets: a batch makes the same calls that the server makes.
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import type { FaultState } from '../faults.ts';
import type { Directory } from '../state/directory.ts';
import { badRequest } from './errors.ts';
import type { Seal } from './seal.ts';

export interface Call {
  readonly method: string;
  /** Scheme and host as the client wrote them: links must lead back the same way. */
  readonly origin: string;
  readonly version: 'v1.0' | 'beta';
  /** Path and query as received, without origin. */
  readonly rawPath: string;
  readonly rawQuery: string;
  /** Decoded segments below the version; keys in parentheses are segments of their own. */
  readonly segments: readonly string[];
  /** System options by lower-case name with `$`. */
  readonly query: ReadonlyMap<string, string>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Json | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: no content. A text is sent as text/plain. */
  readonly body?: JsonObject | string;
}

export interface ApplicationTemplate {
  readonly id: string;
  readonly displayName: string;
  readonly description?: string;
  readonly publisher?: string;
  readonly homePageUrl?: string;
  readonly categories?: readonly string[];
  readonly logoUrl?: string;
  /** Default: User and msiam_access. */
  readonly appRoles?: readonly { readonly id: string; readonly displayName: string }[];
}

/** What every handler may use. */
export interface World {
  readonly directory: Directory;
  readonly seal: Seal;
  readonly faults: FaultState;
  readonly templates: readonly ApplicationTemplate[];
  readonly now: () => Date;
}

export const rootOf = (call: Call): string => `${call.origin}/${call.version}`;
export const contextOf = (call: Call, fragment: string): string => `${rootOf(call)}/$metadata#${fragment}`;

const options = [
  'select',
  'top',
  'skip',
  'skiptoken',
  'deltatoken',
  'filter',
  'count',
  'orderby',
  'search',
  'expand',
  'format',
];

/** Reads the query string; Graph takes system options with and without the dollar sign. */
export function parseQuery(rawQuery: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(rawQuery)) {
    const name = key.toLowerCase();
    query.set(options.includes(name) ? `$${name}` : name, value);
  }
  return query;
}

/** The request's own address with one system option put in place of another. */
export function linkWith(call: Call, drop: readonly string[], option: string, value: string): string {
  const kept = call.rawQuery.split('&').filter((part) => {
    const name = decodeURIComponent(part.split('=')[0] ?? '').toLowerCase();
    return part !== '' && !drop.includes(name.startsWith('$') ? name : `$${name}`);
  });
  return `${call.origin}${call.rawPath}?${[...kept, `${option}=${value}`].join('&')}`;
}

export const isEventual = (call: Call): boolean => call.headers['consistencylevel']?.toLowerCase() === 'eventual';

/** The body, which must be a JSON object. */
export function bodyOf(call: Call): JsonObject {
  const { body } = call;
  if (body === undefined) throw badRequest('Empty Payload. JSON content expected.');
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw badRequest('Invalid JSON payload: a JSON object is expected.');
  return body as JsonObject;
}
