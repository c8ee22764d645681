// Reads a reply as SCIM: a JSON document, an error body, or the reason why it is neither.
import type { Json, JsonObject } from '../rules/model/json.ts';
import { member } from '../rules/scim/read-path.ts';
import type { WireReply } from './wire.ts';

export type Document = { readonly json: JsonObject } | { readonly problem: string };

export function readDocument({ headers, text }: WireReply): Document {
  const type = headers['content-type'];
  if (/^\s*</.test(text) || (typeof type === 'string' && type.includes('html')))
    return { problem: 'HTML instead of JSON' };
  if (text.trim() === '') return { problem: 'an empty body instead of JSON' };
  try {
    const json = JSON.parse(text) as Json;
    return isObject(json) ? { json } : { problem: 'JSON that is not an object' };
  } catch {
    return { problem: /^\s*[[{]/.test(text) ? 'JSON that is incomplete or broken' : 'something that is not JSON' };
  }
}

export function isHtml(reply: WireReply): boolean {
  const document = readDocument(reply);
  return 'problem' in document && document.problem.startsWith('HTML');
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface ScimRefusal {
  readonly scimType: string | null;
  readonly detail: string | null;
}

export function readRefusal(reply: WireReply): ScimRefusal {
  const document = readDocument(reply);
  if (!('json' in document)) return { scimType: null, detail: null };
  const scimType = member(document.json, 'scimType');
  const detail = member(document.json, 'detail');
  return {
    scimType: typeof scimType === 'string' ? scimType : null,
    detail: typeof detail === 'string' ? detail : null,
  };
}

export interface ListPage {
  readonly total: number;
  readonly resources: readonly JsonObject[];
  /** Where the next page begins, where the target pages by cursor (RFC 9865). */
  readonly nextCursor: string | null;
}

/** `null` when the document is no list response. Names are read in any case; some servers say null where they have none. */
export function readList(document: JsonObject): ListPage | null {
  const totalResults = member(document, 'totalResults');
  const listed = member(document, 'Resources');
  const nextCursor = member(document, 'nextCursor');
  if (typeof totalResults !== 'number' && listed === undefined) return null;
  const resources = listed ?? [];
  if (!Array.isArray(resources)) return null;
  const objects = (resources as readonly Json[]).filter(isObject);
  return {
    total: typeof totalResults === 'number' ? totalResults : objects.length,
    resources: objects,
    nextCursor: typeof nextCursor === 'string' && nextCursor !== '' ? nextCursor : null,
  };
}

/** The id of a resource; some servers have numbers there. */
export function idOf(resource: JsonObject): string | null {
  const id = member(resource, 'id');
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : null;
}

/** The id that a Location header names as the last part of `…/Users/2819c223`. */
export function idFromLocation({ headers }: WireReply, collection: string): string | null {
  const { location } = headers;
  if (typeof location !== 'string' || !URL.canParse(location, 'http://host')) return null;
  const [parent, id] = new URL(location, 'http://host').pathname.replace(/\/+$/, '').split('/').slice(-2);
  if (id === undefined || parent?.toLowerCase() !== collection.toLowerCase()) return null;
  try {
    return decodeURIComponent(id);
  } catch {
    return null;
  }
}
