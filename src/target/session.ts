// The operations on one target, each answering a value or the refusal of that object.
import type { MatchQuery } from '../rules/model/decisions.ts';
import type { JsonObject } from '../rules/model/json.ts';
import type { AppRole } from '../rules/model/source-object.ts';
import type { Dialect, PatchOperation, ResourceType, TargetResource } from '../rules/model/target.ts';
import { requestsFor } from '../rules/scim/wire-form.ts';
import type { WireContext } from '../rules/scim/wire-form.ts';
import type { Answer } from './answer.ts';
import { done, refused } from './answer.ts';
import { ask, incompatible, isHtml, shown } from './connection.ts';
import type { Connection } from './connection.ts';
import { testConnection } from './connection-test.ts';
import { find } from './find.ts';
import { idFromLocation, idOf, readDocument } from './scim-reply.ts';
import { nameOf } from './tenant-url.ts';
import type { WireReply } from './wire.ts';

export interface ScimSession {
  readonly dialect: Dialect;
  testConnection(matchingPath: string): Promise<void>;
  find(type: ResourceType, query: MatchQuery): Promise<Answer<readonly TargetResource[]>>;
  get(type: ResourceType, id: string): Promise<Answer<TargetResource>>;
  create(type: ResourceType, body: JsonObject): Promise<Answer<TargetResource>>;
  patch(type: ResourceType, id: string, operations: readonly PatchOperation[]): Promise<Answer<TargetResource | null>>;
  remove(type: ResourceType, id: string): Promise<Answer<null>>;
  /** Everything that went out, repetitions and redirects included. */
  readonly sent: { readonly requests: number; readonly writes: number };
}

export interface SessionOptions {
  /** Roles of the application, for dialects that write them with their ids. */
  readonly roles?: readonly AppRole[];
}

export function openSession(
  connection: Connection,
  dialect: Dialect,
  { roles = [] }: SessionOptions = {},
): ScimSession {
  const locate = (type: ResourceType, id: string): string => nameOf(connection.base) + resourcePath(type, id);
  const context: WireContext = { dialect, locate, roles };
  return {
    dialect,
    sent: connection.sent,
    testConnection: (matchingPath) => testConnection(connection, matchingPath),
    find: (type, query) => find(connection, type, query),
    get: (type, id) => get(connection, dialect, type, id),
    create: (type, body) => create(connection, type, body),
    patch: (type, id, operations) => patch(connection, context, { type, id, operations }),
    remove: (type, id) => remove(connection, type, id),
  };
}

const resourcePath = (type: ResourceType, id: string): string => `/${type}s/${encodeURIComponent(id)}`;

/** Members that the target would not show are not asked for. */
async function get(
  connection: Connection,
  { membersReadable }: Dialect,
  type: ResourceType,
  id: string,
): Promise<Answer<TargetResource>> {
  const doing = `read ${type.toLowerCase()} ${id}`;
  const parameters = type === 'Group' && !membersReadable ? { excludedAttributes: 'members' } : {};
  const answer = await ask(connection, {
    method: 'GET',
    segments: [`${type}s`, id],
    parameters,
    doing,
    about: 'object',
  });
  return answer.ok ? asResource(connection, doing, answer.value) : answer;
}

async function create(connection: Connection, type: ResourceType, body: JsonObject): Promise<Answer<TargetResource>> {
  const doing = `create ${type.toLowerCase()} ${labelOf(body)}`;
  const answer = await ask(connection, { method: 'POST', segments: [`${type}s`], body, doing, about: 'collection' });
  if (!answer.ok) return answer;
  const made = asResource(connection, doing, answer.value);
  const id = made.ok || isHtml(answer.value) ? null : idFromLocation(answer.value, `${type}s`);
  return id === null ? made : done({ id, attributes: {} });
}

function labelOf(body: JsonObject): string {
  const label = body['userName'] ?? body['displayName'] ?? body['externalId'];
  return typeof label === 'string' ? label : 'without a name';
}

interface Change {
  readonly type: ResourceType;
  readonly id: string;
  readonly operations: readonly PatchOperation[];
}

/** As many requests as the dialect needs, in order; the first that is refused ends it. */
async function patch(
  connection: Connection,
  context: WireContext,
  { type, id, operations }: Change,
): Promise<Answer<TargetResource | null>> {
  let last: Answer<TargetResource | null> = done(null);
  for (const request of requestsFor(operations, context)) {
    last = await patchOnce(connection, type, id, request);
    if (!last.ok) return last;
  }
  return last;
}

async function patchOnce(
  connection: Connection,
  type: ResourceType,
  id: string,
  operations: readonly JsonObject[],
): Promise<Answer<TargetResource | null>> {
  const doing = `change ${type.toLowerCase()} ${id}`;
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
  const answer = await ask(connection, { method: 'PATCH', segments: [`${type}s`, id], body, doing, about: 'object' });
  if (!answer.ok || answer.value.text.trim() === '') return answer.ok ? done(null) : answer;
  const document = readDocument(answer.value);
  if ('json' in document && idOf(document.json) === null) return done(null);
  return asResource(connection, doing, answer.value);
}

async function remove(connection: Connection, type: ResourceType, id: string): Promise<Answer<null>> {
  const doing = `delete ${type.toLowerCase()} ${id}`;
  const answer = await ask(connection, { method: 'DELETE', segments: [`${type}s`, id], doing, about: 'object' });
  if (answer.ok && isHtml(answer.value))
    return refused(incompatible(doing, 'the application answered HTML instead of SCIM'));
  return answer.ok || answer.error.code === 'InvalidAnchor' ? done(null) : answer;
}

function asResource(connection: Connection, doing: string, reply: WireReply): Answer<TargetResource> {
  const facts = { status: reply.status, detail: shown(connection, reply.text) };
  const document = readDocument(reply);
  if ('problem' in document) return refused(incompatible(doing, `the application answered ${document.problem}`, facts));
  const id = idOf(document.json);
  if (id === null) return refused(incompatible(doing, 'the application answered a resource without id', facts));
  return done({ id, attributes: document.json });
}
