// Whether a value read from a resource is the one that a look-up asked for.
import type { Json } from '../rules/model/json.ts';

/** Attributes that RFC 7643 defines as case-exact; all others are compared in any case. */
const caseExact = new Set(['externalid', 'id']);

export function holds(found: Json | undefined, path: string, wanted: string): boolean {
  if (Array.isArray(found)) return (found as readonly Json[]).some((each) => holds(each, path, wanted));
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return false;
  const text = String(found);
  return caseExact.has(path.toLowerCase()) ? text === wanted : text.toLowerCase() === wanted.toLowerCase();
}
