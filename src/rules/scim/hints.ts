// What a target says of itself (RFC 7644 §4, RFC 9865) as knobs of a dialect: hints only. Nothing is believed that could
// keep a change from being sent, because servers are known that deny what they do, and claim what they do not.
import type { Json, JsonObject } from '../model/json.ts';
import type { BulkLimits, Claims, Dialect, DialectKnobs, SelfDescription } from '../model/target.ts';
import { member } from './read-path.ts';
import { sameJson } from './same-json.ts';

/** Entries of a bulk request, and its bytes, that every server can be asked to take: larger ones only take longer. */
const MOST_OPERATIONS = 100;
const MOST_BYTES = 1_000_000;

/** What is news to the dialect that is spoken. `told`: what somebody said or found out already; a hint counts less. */
export function hintsOf(description: SelfDescription, spoken: Dialect, told: DialectKnobs): DialectKnobs {
  const config = description.config ?? {};
  const pageSize = Math.min(spoken.pageSize, ...pageSizes(config));
  const pagination = member(config, 'pagination');
  const cursorOnly = member(pagination, 'cursor') === true && member(pagination, 'index') !== true;
  const claims = claimsOf(description, spoken);
  return {
    ...(pageSize < spoken.pageSize ? { pageSize } : {}),
    ...(cursorOnly && !('paging' in told) && spoken.paging !== 'cursor' ? { paging: 'cursor' } : {}),
    ...(sameJson(claims as unknown as Json, spoken.claims as unknown as Json) ? {} : { claims }),
  };
}

/** What the hints say, for the log. */
export function wordsForHints({ pageSize, paging, claims }: DialectKnobs): string {
  const words = [
    claims?.patch === false && 'takes no PATCH',
    claims?.groups === false && 'has no groups',
    claims?.etag === true && 'keeps versions',
    claims?.bulk != null && `takes ${String(claims.bulk.maxOperations)} writes at once`,
    pageSize !== undefined && `shows ${String(pageSize)} resources per page`,
    paging !== undefined && `pages by ${paging}`,
  ].filter((one) => one !== false);
  return `the application says of itself that it ${words.length === 0 ? 'does as the RFC says' : words.join(', ')}`;
}

const pageSizes = (config: JsonObject): readonly number[] =>
  [
    count(member(member(config, 'filter'), 'maxResults')),
    count(member(member(config, 'pagination'), 'maxPageSize')),
  ].filter((one) => one !== null);

function bulkOf(config: JsonObject): BulkLimits | null {
  const bulk = member(config, 'bulk');
  const most = count(member(bulk, 'maxOperations')) ?? 0;
  if (member(bulk, 'supported') !== true || most < 2) return null;
  return {
    maxOperations: Math.min(most, MOST_OPERATIONS),
    maxPayloadBytes: Math.min(count(member(bulk, 'maxPayloadSize')) ?? MOST_BYTES, MOST_BYTES),
  };
}

/** A document that was not shown this time says nothing new. */
const claimsOf = ({ config, resourceTypes }: SelfDescription, { claims }: Dialect): Claims => ({
  ...(config === null
    ? claims
    : {
        bulk: bulkOf(config),
        etag: member(member(config, 'etag'), 'supported') === true,
        patch: member(member(config, 'patch'), 'supported') !== false,
      }),
  groups: resourceTypes === null || resourceTypes.length === 0 ? claims.groups : resourceTypes.some(isGroup),
});

const isGroup = (resourceType: JsonObject): boolean =>
  ['id', 'name', 'endpoint'].some((name) => /^\/?groups?$/i.test(text(member(resourceType, name))));

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const count = (value: Json | undefined): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
