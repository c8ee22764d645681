// Sends one change of a resource in the dialect as it is: by PATCH, by PUT of the whole, or by the whole list of members.
import type { ObjectError } from '../rules/model/errors.ts';
import type { Json, JsonObject } from '../rules/model/json.ts';
import type { PatchOperation, ResourceType, TargetResource } from '../rules/model/target.ts';
import { applyOperations } from '../rules/scim/apply.ts';
import { member } from '../rules/scim/read-path.ts';
import { removedMember, requestsFor } from '../rules/scim/wire-form.ts';
import type { Answer } from './answer.ts';
import { done, refused } from './answer.ts';
import { sendWrite } from './bulk.ts';
import { ask, incompatible } from './connection.ts';
import { asChanged, read } from './resource.ts';
import type { Versioned } from './resource.ts';
import { wireContext } from './talk.ts';
import type { Talk } from './talk.ts';

export interface Change {
  readonly type: ResourceType;
  readonly id: string;
  readonly operations: readonly PatchOperation[];
}
type Changed = Answer<TargetResource | null>;

/** Where the version that was read is no longer the present one, it is read again once. */
export async function sendChange(talk: Talk, change: Change): Promise<Changed> {
  const first = await sendOnce(talk, change);
  return !first.ok && first.error.status === 412 && readsFirst(talk, change) ? sendOnce(talk, change) : first;
}

const isMembers = ({ path = '' }: PatchOperation): boolean => path.startsWith('members');
const byList = ({ dialect }: Talk, { operations }: Change): boolean =>
  dialect.memberWrite === 'replace' && operations.some(isMembers);
const readsFirst = (talk: Talk, change: Change): boolean =>
  talk.dialect.conditionalWrites || talk.dialect.update[change.type] === 'put' || byList(talk, change);

async function sendOnce(talk: Talk, change: Change): Promise<Changed> {
  if (!readsFirst(talk, change)) return patch(talk, change, null);
  const before = await read(talk, change.type, change.id);
  if (!before.ok) return before;
  if (talk.dialect.update[change.type] === 'put') return put(talk, change, before.value);
  return patch(talk, byList(talk, change) ? listed(talk, change, before.value) : change, versionIf(talk, before.value));
}

const versionIf = ({ dialect }: Talk, { version }: Versioned): string | null =>
  dialect.conditionalWrites ? version : null;

/** As many requests as the dialect needs, in order; the first that is refused ends it. */
async function patch(talk: Talk, change: Change | ObjectError, version: string | null): Promise<Changed> {
  if ('code' in change) return refused(change);
  const { connection, dialect } = talk;
  const { type, id } = change;
  const doing = `change ${type.toLowerCase()} ${id}`;
  let last: Changed = done(null);
  let match = version;
  for (const operations of requestsFor(change.operations, wireContext(talk, dialect))) {
    const answer = await sendWrite(talk, {
      method: 'PATCH',
      segments: [`${type}s`, id],
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations },
      ...ifMatch(match),
      doing,
      about: 'object',
    });
    last = answer.ok ? asChanged(connection, doing, answer.value) : answer;
    if (!last.ok) return last;
    // The next request of the same change follows on the state that this one left.
    const { etag } = answer.ok ? answer.value.headers : {};
    match = match === null ? null : typeof etag === 'string' ? etag : null;
  }
  return last;
}

const ifMatch = (version: string | null) => (version === null ? {} : { headers: { 'if-match': version } });

/** What we do not manage goes back as it was read. Nothing is sent where nothing differs. */
async function put(talk: Talk, { type, id, operations }: Change, { resource, version }: Versioned): Promise<Changed> {
  const { connection } = talk;
  const doing = `change ${type.toLowerCase()} ${id}`;
  if (type === 'Group' && !showsMembers(talk, resource)) return refused(hiddenMembers(doing));
  const body = applyOperations(resource.attributes, operations);
  if (JSON.stringify(body) === JSON.stringify(resource.attributes)) return done(resource);
  const answer = await ask(connection, {
    method: 'PUT',
    segments: [`${type}s`, id],
    body: withSchemas(withoutMeta(body)),
    ...ifMatch(version),
    doing,
    about: 'object',
  });
  return answer.ok ? asChanged(connection, doing, answer.value) : answer;
}

/** What the application alone decides. */
const readOnly: ReadonlySet<string> = new Set(['meta', 'groups']);
const withoutMeta = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([key]) => !readOnly.has(key)));

/** Extensions that a change brings in are named as well. */
function withSchemas(body: JsonObject): JsonObject {
  const { schemas } = body;
  const named = Array.isArray(schemas) ? (schemas as readonly string[]) : [];
  const used = Object.keys(body).filter((key) => /^urn:/i.test(key) && !named.includes(key));
  return { ...body, schemas: [...named, ...used] };
}

/** An answer without members means none only where the target shows members at all (invariant 7). */
const showsMembers = ({ dialect }: Talk, { attributes }: TargetResource): boolean =>
  dialect.membersReadable &&
  (member(attributes, 'members') === undefined || Array.isArray(member(attributes, 'members')));

const hiddenMembers = (doing: string): ObjectError =>
  incompatible(doing, 'the application does not show the members of groups, and writing it whole could lose them');

/** The members as they are to be, in one operation; the rest of the change as it is. */
function listed(talk: Talk, change: Change, { resource }: Versioned): Change | ObjectError {
  const { id, operations } = change;
  if (!showsMembers(talk, resource)) return hiddenMembers(`change group ${id}`);
  const before = idsOf(member(resource.attributes, 'members'));
  const after = membersAfter(before, operations.filter(isMembers));
  const rest = operations.filter((operation) => !isMembers(operation));
  if (JSON.stringify(after) === JSON.stringify(before)) return { ...change, operations: rest };
  return { ...change, operations: [...rest, { op: 'replace', path: 'members', value: after }] };
}

/** In one pass over each: lists and changes may both be long. */
function membersAfter(before: readonly JsonObject[], operations: readonly PatchOperation[]): readonly JsonObject[] {
  const after = new Map(before.map((one) => [keyOf(one), one]));
  for (const operation of operations) {
    const gone = removedMember(operation);
    if (gone !== null) after.delete(gone);
    else if (operation.op === 'add') for (const one of idsOf(operation.value)) after.set(keyOf(one), one);
    else throw new Error(`members are added, or removed by their ids: not ${JSON.stringify(operation)}`);
  }
  return [...after.values()];
}

/** Some servers show ids as numbers. */
const keyOf = ({ value }: JsonObject): string => (typeof value === 'string' ? value : JSON.stringify(value));

const idsOf = (members: Json | undefined): readonly JsonObject[] =>
  Array.isArray(members)
    ? (members as readonly Json[]).flatMap((one) => {
        const value = member(one, 'value');
        return value === undefined ? [] : [{ value }];
      })
    : [];
