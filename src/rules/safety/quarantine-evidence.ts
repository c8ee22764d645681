// The request that showed the loss of a system, as far as it may be shown: without secrets, without people.
import type { FailedExchange } from '../model/errors.ts';
import type { Json } from '../model/json.ts';

export interface RawExchange {
  readonly method: string;
  readonly url: string;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What came, or why nothing came. */
  readonly text: string;
}

export const redactedExchange = ({ method, url, status, headers, text }: RawExchange): FailedExchange => ({
  method,
  url: redactedUrl(url),
  status,
  headers: Object.fromEntries(
    shownHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, withoutPeople(String(headers[name]))]])),
  ),
  body: redactedBody(text),
});

/** Those that tell who answered and what to do. */
const shownHeaders = [
  'content-type',
  'server',
  'date',
  'retry-after',
  'www-authenticate',
  'x-request-id',
  'request-id',
];
/** What our own requests carry that names nobody. */
const shownParameters = new Set(['count', 'startIndex', 'attributes', 'excludedAttributes', 'aadOptscim062020']);
const HIDDEN = '***';

/** No user information, values of filters and of foreign parameters hidden. */
export function redactedUrl(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.hash = '';
  const shown = [...url.searchParams].map(([name, value]) => `${name}=${shownValue(name, value)}`);
  return `${url.origin}${url.pathname}${shown.length === 0 ? '' : `?${shown.join('&')}`}`;
}
function shownValue(name: string, value: string): string {
  if (name === 'filter') return value.replaceAll(/"(?:[^"\\]|\\.)*"/g, `"${HIDDEN}"`);
  return shownParameters.has(name) ? value : HIDDEN;
}

const LONGEST = 1_000;
/** Members of an error, of a list and of a service's own description; every other value of JSON may be a person's. */
const shownMembers = new Set([
  ...['schemas', 'detail', 'status', 'scimtype', 'error', 'error_description', 'message', 'code', 'title', 'type'],
  ...['totalresults', 'itemsperpage', 'startindex', 'errors', 'reason', 'documentationuri'],
]);

function redactedBody(text: string): string {
  const json = parsed(text);
  if (json === undefined && /^\s*[[{]/.test(text)) return '(JSON that breaks off)';
  const shown = json === undefined ? withoutPeople(text) : JSON.stringify(masked(json, true));
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function masked(value: Json, shown: boolean): Json {
  if (Array.isArray(value)) return value.map((each: Json) => masked(each, shown));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, masked(each, shownMembers.has(name.toLowerCase()))]),
    );
  if (value === null || typeof value === 'boolean') return value;
  return shown ? (typeof value === 'string' ? withoutPeople(value) : value) : HIDDEN;
}

/** Addresses of people and what looks like a token. */
const withoutPeople = (text: string): string =>
  text
    .replaceAll(/[\p{L}\p{N}._%+'#-]+@[\p{L}\p{N}.-]+/gu, HIDDEN)
    .replaceAll(/\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{32,}(?:\.[\w-]+)*/g, (token) =>
      isGuid(token) ? token : HIDDEN,
    );
const isGuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
