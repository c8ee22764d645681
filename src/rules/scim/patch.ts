// PATCH operations in the RFC's form, as small as possible, in the shapes that most servers agree on: one operation per
// attribute path, a whole element where none exists yet, members by id. A dialect gives them their shape on the wire.
import type { AttributeChange } from '../model/decisions.ts';
import type { Json } from '../model/json.ts';
import type { KnownAttributes, PatchOperation } from '../model/target.ts';
import { elementOf, knownElements } from './build.ts';
import { elementKey, pathOf, printPath } from './path.ts';
import type { ScimPath } from './path.ts';

interface ParsedChange {
  readonly change: AttributeChange;
  readonly path: ScimPath;
}

/**
 * One operation per change, in their order. A filtered path selects nothing while the element is missing (servers
 * refuse it or do nothing), so the changes of an element of which nothing is known become one `add` of the element.
 */
export function patchOperations(
  changes: readonly AttributeChange[],
  known: KnownAttributes,
): readonly PatchOperation[] {
  const existing = knownElements(known);
  const parsed = changes.map((change): ParsedChange => ({ change, path: pathOf(change.path) }));
  const missing = parsed.filter(
    ({ path }) => path.filter !== null && path.subAttribute !== null && !existing.has(elementKey(path)),
  );
  return parsed.flatMap((one) => {
    if (!missing.includes(one)) return [singleOperation(one)];
    const element = missing.filter(({ path }) => elementKey(path) === elementKey(one.path));
    return element[0] === one ? addElement(one.path, element) : [];
  });
}

function singleOperation({ change, path }: ParsedChange): PatchOperation {
  if (change.op === 'remove') return { op: 'remove', path: printPath(path) };
  return { op: change.op, path: printPath(path), value: change.added ?? change.after };
}

function addElement(path: ScimPath, group: readonly ParsedChange[]): readonly PatchOperation[] {
  const values = group.flatMap(({ change, path: { subAttribute } }): [string, Json][] =>
    change.op === 'remove' || subAttribute === null ? [] : [[subAttribute, change.after]],
  );
  if (values.length === 0) return [];
  const attribute = printPath({ ...path, filter: null, subAttribute: null });
  const selects = path.filter === null ? {} : { selects: path.filter };
  return [{ op: 'add', path: attribute, value: [elementOf(path, values)], ...selects }];
}

/** Members are only ever removed by id (invariant 7): no other removal fits this type. */
export type MemberOperation =
  | { readonly op: 'add'; readonly path: 'members'; readonly value: readonly { readonly value: string }[] }
  | { readonly op: 'remove'; readonly path: `members[value eq ${string}]` };

/** Requests of at most `membersPerPatch` changes each, removals first: whoever must lose access loses it before others gain. */
export function memberOperations(
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
  membersPerPatch: number,
): readonly (readonly MemberOperation[])[] {
  const size = Math.max(1, Math.floor(membersPerPatch));
  const added = new Set(add);
  const removed = [...new Set(remove)].filter((id) => !added.has(id));
  const changes = [...removed.map((id) => ({ id, gone: true })), ...[...added].map((id) => ({ id, gone: false }))];
  return Array.from({ length: Math.ceil(changes.length / size) }, (_, batch) => {
    const part = changes.slice(batch * size, (batch + 1) * size);
    const removals = part.filter(({ gone }) => gone).map(({ id }): MemberOperation => removal(id));
    const additions = part.filter(({ gone }) => !gone).map(({ id }) => ({ value: id }));
    return additions.length === 0 ? removals : [...removals, { op: 'add', path: 'members', value: additions }];
  });
}

const removal = (id: string): MemberOperation => ({ op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` });

/** Points an account at its manager, by target ids; `null` = none. Where nothing differs there is nothing to ask for. */
export function managerOperation(path: string, targetId: string | null, known: string | null): PatchOperation {
  if (targetId === known)
    throw new Error(`the manager at ${path} is ${known ?? 'empty'} already: there is nothing to write`);
  const parsed = pathOf(path);
  const at = printPath(parsed);
  if (targetId === null) return { op: 'remove', path: at };
  const value = parsed.subAttribute === null ? { value: targetId } : targetId;
  return { op: known === null ? 'add' : 'replace', path: at, value };
}
