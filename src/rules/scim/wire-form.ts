// Operations in the RFC's form → the operations that a dialect sends, cut into requests.
import type { Json, JsonObject } from '../model/json.ts';
import type { AppRole } from '../model/source-object.ts';
import type { Dialect, PatchOperation, ResourceType } from '../model/target.ts';
import { typedRole } from './build.ts';
import { memberIn } from './member-form.ts';
import { parsePath, printPath } from './path.ts';
import type { ScimPath } from './path.ts';
import { roleText } from './role-form.ts';
import { isJsonObject } from './read-path.ts';

export interface WireContext {
  readonly dialect: Dialect;
  /** Absolute address of a resource, for dialects that write `$ref`. */
  readonly locate: (type: ResourceType, id: string) => string;
  /** The roles of the application, for dialects that write them with their ids. */
  readonly roles: readonly AppRole[];
}

/** The bodies' `Operations`, in order; each list is one request. Never empty lists. */
export function requestsFor(operations: readonly PatchOperation[], context: WireContext): readonly JsonObject[][] {
  const size = Math.max(1, Math.floor(context.dialect.operationsPerPatch));
  const sent = inDialect(operations, context);
  return Array.from({ length: Math.ceil(sent.length / size) }, (_, part) => sent.slice(part * size, (part + 1) * size));
}

export function inDialect(operations: readonly PatchOperation[], context: WireContext): JsonObject[] {
  const expanded = operations.flatMap((operation) => elementsIn(operation, context.dialect));
  const shaped = joined(removalsByValue(expanded, context), context.dialect);
  return shaped.map((operation) => written(operation, context));
}

/** An element added as a whole, by the paths of its sub-attributes where the dialect wants that. */
function elementsIn(operation: PatchOperation, { elementForm, roles, create }: Dialect): readonly PatchOperation[] {
  const { selects, path, value } = operation;
  const [element] = Array.isArray(value) ? (value as readonly Json[]) : [];
  if (selects === undefined || path === undefined || !isJsonObject(element)) return [operation];
  if (at(path).attribute === 'roles' && roles === 'objects')
    return [{ ...operation, value: create.roles === 'always' ? [typedRole(element)] : [element] }];
  if (elementForm === 'whole') return [operation];
  return Object.entries(element)
    .filter(([name]) => name !== selects.attribute)
    .map(([name, one]) => ({
      op: operation.op,
      path: printPath({ ...at(path), filter: selects, subAttribute: name }),
      value: one,
    }));
}

const at = (path: string): ScimPath =>
  parsePath(path) ?? { schema: null, attribute: path, filter: null, subAttribute: null };

/** Removals of single members that follow each other become one operation with their ids as value. */
function removalsByValue(
  operations: readonly PatchOperation[],
  { dialect, locate }: WireContext,
): readonly PatchOperation[] {
  if (dialect.memberRemoval === 'filter') return operations;
  const shaped: PatchOperation[] = [];
  for (const operation of operations) {
    const id = removedMember(operation);
    const last = shaped.at(-1);
    const value = id === null ? null : memberIn(dialect, locate, id);
    if (value === null) shaped.push(operation);
    else if (last?.op === 'remove' && last.path === 'members' && Array.isArray(last.value))
      shaped[shaped.length - 1] = { ...last, value: [...(last.value as readonly Json[]), value] };
    else shaped.push({ op: 'remove', path: 'members', value: [value] });
  }
  return shaped;
}

/** The id in `members[value eq "id"]`; `null` for any other operation. */
export function removedMember({ op, path }: PatchOperation): string | null {
  const parsed = op === 'remove' && path !== undefined ? parsePath(path) : null;
  if (parsed?.attribute !== 'members' || parsed.filter?.attribute !== 'value') return null;
  return String(parsed.filter.value);
}

/** Simple attributes together in one operation without a path, its keys flattened; it comes first. */
function joined(operations: readonly PatchOperation[], { patchForm }: Dialect): readonly PatchOperation[] {
  if (patchForm === 'path') return operations;
  const simple = operations.filter(isSimple);
  if (simple.length < (patchForm === 'grouped' ? 2 : 1)) return operations;
  const value = Object.fromEntries(simple.map((operation) => [operation.path ?? '', operation.value ?? null]));
  return [{ op: 'replace', value }, ...operations.filter((operation) => !isSimple(operation))];
}

const isSimple = ({ op, path, value }: PatchOperation): boolean =>
  op !== 'remove' &&
  path !== undefined &&
  at(path).filter === null &&
  (value === null || value === undefined || typeof value !== 'object');

function written({ op, path, value }: PatchOperation, context: WireContext): JsonObject {
  const { dialect } = context;
  const as = (kind: PatchOperation['op']): string =>
    dialect.opCase === 'lower' ? kind : kind.charAt(0).toUpperCase() + kind.slice(1);
  const where = path === undefined ? undefined : at(path);
  const role = where?.attribute === 'roles' && op !== 'remove' ? roleText(where, value, context) : null;
  if (role !== null) return { op: as('add'), path: 'roles', value: role };
  return {
    op: as(op),
    ...(path === undefined ? {} : { path: pathIn(dialect, path) }),
    ...(value === undefined ? {} : { value: valueIn(context, where, value) }),
  };
}

/** Entra prints `roles[primary eq "True"]`. */
function pathIn({ pathBooleans }: Dialect, text: string): string {
  const path = parsePath(text);
  if (typeof path?.filter?.value !== 'boolean' || pathBooleans === 'json') return text;
  return printPath({ ...path, filter: { ...path.filter, value: textOf(path.filter.value) } });
}

const textOf = (value: boolean): string => (value ? 'True' : 'False');

function valueIn({ dialect, locate }: WireContext, where: ScimPath | undefined, value: Json): Json {
  if (typeof value === 'boolean') return dialect.booleans === 'text' ? textOf(value) : value;
  if (where === undefined && isJsonObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, valueIn({ dialect, locate, roles: [] }, at(key), one)]),
    );
  if (where?.attribute === 'members' && Array.isArray(value))
    return (value as readonly Json[]).map((one) => (isReference(one) ? memberIn(dialect, locate, one.value) : one));
  if (where?.attribute === 'manager' && where.subAttribute === null && isReference(value)) {
    if (dialect.managerForm === 'text') return value.value;
    return dialect.managerForm === 'list' ? [memberIn(dialect, locate, value.value)] : value;
  }
  return value;
}

const isReference = (value: Json): value is JsonObject & { readonly value: string } =>
  isJsonObject(value) && typeof value['value'] === 'string' && Object.keys(value).length === 1;
