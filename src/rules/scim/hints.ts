// What a target says about itself (RFC 7644 §4, RFC 9865) as knobs of a dialect: hints only. Nothing is believed that could
// keep a change from being sent, because servers are known that deny what they do, and claim what they do not.
import type { Json, JsonObject } from '../model/json.ts';
import type { DialectKnobs } from '../model/target.ts';
import { rfcDialect } from '../model/target.ts';
import { member } from './read-path.ts';

/** `null` where the target has no such document. */
export function knobsFrom(serviceProviderConfig: JsonObject | null): DialectKnobs {
  const filter = member(serviceProviderConfig ?? {}, 'filter');
  const pagination = member(serviceProviderConfig ?? {}, 'pagination');
  const most = [count(member(filter, 'maxResults')), count(member(pagination, 'maxPageSize'))].filter(
    (one) => one !== null,
  );
  const pageSize = Math.min(rfcDialect.pageSize, ...most);
  const cursorOnly = member(pagination, 'cursor') === true && member(pagination, 'index') !== true;
  return {
    ...(pageSize < rfcDialect.pageSize ? { pageSize } : {}),
    ...(cursorOnly ? { paging: 'cursor' } : {}),
  };
}

const count = (value: Json | undefined): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
