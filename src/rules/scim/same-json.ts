// Equality of JSON whatever the order of members: databases keep their own.
import type { Json } from '../model/json.ts';
import { isJsonObject } from './read-path.ts';

/** Lists are the same when their texts are. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (!isJsonObject(a) || !isJsonObject(b)) return JSON.stringify(a) === JSON.stringify(b);
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameJson(a[name], b[name]));
}
