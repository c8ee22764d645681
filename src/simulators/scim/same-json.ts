// Whether two JSON values say the same, whatever the order of their keys.
import type { Json } from '../../rules/model/json.ts';
import { isList, isObject } from './normalise.ts';

export function sameJson(a: Json, b: Json): boolean {
  if (isList(a)) return isList(b) && a.length === b.length && a.every((each, at) => sameJson(each, b[at] ?? null));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => key in b && sameJson(a[key] ?? null, b[key] ?? null))
  );
}
