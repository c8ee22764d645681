// Whether a value read from a resource is the one that a look-up asks for; by the same rule values are put in an index.
import type { Json } from '../model/json.ts';

/** Attributes that RFC 7643 defines as case-exact; all others are compared in any case. */
const caseExact = new Set(['externalid', 'id']);

export function holds(found: Json | undefined, path: string, wanted: string): boolean {
  if (Array.isArray(found)) return (found as readonly Json[]).some((each) => holds(each, path, wanted));
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return false;
  const text = String(found);
  return caseExact.has(path.toLowerCase()) ? text === wanted : folded(text) === folded(wanted);
}

/** The texts under which a value can be found: each element of a list, in lower case. `holds` decides among what is found. */
export function foundUnder(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return [...new Set((value as readonly Json[]).flatMap(foundUnder))];
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isText ? [folded(String(value))] : [];
}

export const folded = (text: string): string => text.toLowerCase();
