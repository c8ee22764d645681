// Whether operations had their effect on a resource that was read afterwards: servers are known that answer 200 or 204 and
// do nothing.
import type { Json, JsonObject } from '../model/json.ts';
import type { PatchOperation } from '../model/target.ts';
import { isJsonObject, member, readPath } from './read-path.ts';
import { removedMember } from './wire-form.ts';

/** The operations of which nothing is to be seen; what the answer cannot show (members left out) does not count. */
export const withoutEffect = (resource: JsonObject, operations: readonly PatchOperation[]): readonly PatchOperation[] =>
  operations.filter((operation) => !tookEffect(resource, operation));

function tookEffect(resource: JsonObject, operation: PatchOperation): boolean {
  const { op, path = '', value = null, selects } = operation;
  if (path.startsWith('members')) return membersShow(resource, operation);
  if (selects !== undefined && Array.isArray(value)) return elementShows(resource, path, selects, value[0] as Json);
  const found = readPath(resource, path);
  return op === 'remove' ? isEmpty(found) : same(found, value);
}

function membersShow(resource: JsonObject, operation: PatchOperation): boolean {
  const members = member(resource, 'members');
  if (!Array.isArray(members)) return true;
  const ids = new Set((members as readonly Json[]).map((one) => idIn(one)));
  const removed = removedMember(operation);
  if (removed !== null) return !ids.has(removed);
  const added = Array.isArray(operation.value) ? (operation.value as readonly Json[]) : [];
  return added.every((one) => ids.has(idIn(one)));
}

/** Some servers have numbers for ids. */
function idIn(reference: Json): Json | undefined {
  const id = member(reference, 'value');
  return typeof id === 'number' ? String(id) : id;
}

function elementShows(
  resource: JsonObject,
  path: string,
  { attribute, value }: NonNullable<PatchOperation['selects']>,
  element: Json,
): boolean {
  const parts = isJsonObject(element) ? Object.entries(element).filter(([name]) => name !== attribute) : [];
  const selected = `${path}[${attribute} eq ${JSON.stringify(value)}]`;
  return parts.every(([name, one]) => same(readPath(resource, `${selected}.${name}`), one));
}

const isEmpty = (found: Json | undefined): boolean =>
  found === undefined || found === null || found === '' || (Array.isArray(found) && found.length === 0);

/** As far as servers differ in how they show a value: case, booleans as text, a reference by its id. */
function same(found: Json | undefined, wanted: Json): boolean {
  if (isEmpty(wanted)) return isEmpty(found);
  if (Array.isArray(wanted))
    return Array.isArray(found) && wanted.every((one: Json) => found.some((each: Json) => same(each, one)));
  if (isJsonObject(wanted))
    return 'value' in wanted
      ? same(plain(found), wanted['value'] ?? null)
      : JSON.stringify(found) === JSON.stringify(wanted);
  return text(plain(found)) === text(wanted);
}
const plain = (found: Json | undefined): Json | undefined => (isJsonObject(found) ? member(found, 'value') : found);
const text = (value: Json | undefined): string =>
  value === undefined ? '' : (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase();
