// The operations on one target, each answering a value or the refusal of that object.
import type { ListedPage } from '../rules/matching/listing.ts';
import type { MatchQuery } from '../rules/model/decisions.ts';
import type { JsonObject } from '../rules/model/json.ts';
import type { Dialect, PatchOperation, ResourceType, SelfDescription, TargetResource } from '../rules/model/target.ts';
import { alternatives } from '../rules/scim/fallback.ts';
import type { Answer } from './answer.ts';
import { done, refused } from './answer.ts';
import { sendWrite } from './bulk.ts';
import { change } from './change.ts';
import { ask, incompatible } from './connection.ts';
import type { Connection } from './connection.ts';
import { testConnection } from './connection-test.ts';
import { discover } from './discovery.ts';
import { find } from './find.ts';
import { list } from './list.ts';
import { asResource, read } from './resource.ts';
import { idFromLocation, isHtml } from './scim-reply.ts';
import { learned, openTalk, speaking } from './talk.ts';
import type { SessionOptions, Talk } from './talk.ts';

export interface ScimSession {
  readonly dialect: Dialect;
  testConnection(matchingPath: string): Promise<void>;
  /** What the target says of itself. Throws SystemError when it is lost. */
  discover(): Promise<SelfDescription>;
  find(type: ResourceType, query: MatchQuery): Promise<Answer<readonly TargetResource[]>>;
  list(type: ResourceType, position: string): Promise<Answer<ListedPage>>;
  get(type: ResourceType, id: string): Promise<Answer<TargetResource>>;
  create(type: ResourceType, body: JsonObject): Promise<Answer<TargetResource>>;
  patch(type: ResourceType, id: string, operations: readonly PatchOperation[]): Promise<Answer<TargetResource | null>>;
  remove(type: ResourceType, id: string): Promise<Answer<null>>;
  /** Everything that went out, repetitions and redirects included. */
  readonly sent: { readonly requests: number; readonly writes: number };
}

export function openSession(connection: Connection, dialect: Dialect, options: SessionOptions = {}): ScimSession {
  const talk = openTalk(connection, dialect, options);
  return {
    get dialect() {
      return talk.dialect;
    },
    sent: connection.sent,
    testConnection: (matchingPath) => testConnection(talk.connection, matchingPath),
    discover: () => discover(talk.connection),
    find: (type, query) => find(talk.connection, type, query),
    list: (type, position) => list(talk.connection, talk.dialect, type, position),
    get: async (type, id) => {
      const answer = await read(talk, type, id);
      return answer.ok ? done(answer.value.resource) : answer;
    },
    create: (type, body) => create(talk, type, body),
    patch: (type, id, operations) => change(talk, { type, id, operations }),
    remove: (type, id) => remove(talk, type, id),
  };
}

async function create(talk: Talk, type: ResourceType, body: JsonObject): Promise<Answer<TargetResource>> {
  const answer = await createIn(talk, type, body);
  if (answer.ok || talk.learn === null || answer.error.status !== 415) return answer;
  const [knobs] = alternatives(talk.dialect, type, [], 'media');
  if (knobs === undefined) return answer;
  const second = await createIn(speaking(talk, knobs), type, body);
  if (second.ok) await learned(talk, { knobs, proven: [], why: answer.error.message });
  return second.ok ? second : answer;
}

async function createIn(talk: Talk, type: ResourceType, body: JsonObject): Promise<Answer<TargetResource>> {
  const { connection } = talk;
  const doing = `create ${type.toLowerCase()} ${labelOf(body)}`;
  const answer = await sendWrite(talk, { method: 'POST', segments: [`${type}s`], body, doing, about: 'collection' });
  if (!answer.ok) return answer;
  const made = asResource(connection, doing, answer.value);
  const id = made.ok || isHtml(answer.value) ? null : idFromLocation(answer.value, `${type}s`);
  return id === null ? made : done({ id, attributes: {} });
}

function labelOf(body: JsonObject): string {
  const label = body['userName'] ?? body['displayName'] ?? body['externalId'];
  return typeof label === 'string' ? label : 'without a name';
}

/** A version that changed between reading and deleting is read again once; one that is asked for is read. */
async function remove(talk: Talk, type: ResourceType, id: string): Promise<Answer<null>> {
  const first = await removeOnce(talk, type, id);
  if (first.ok) return first;
  if (first.error.status === 412 && talk.dialect.conditionalWrites) return removeOnce(talk, type, id);
  const [knobs] = alternatives(talk.dialect, type, [], first.error.status === 428 ? 'precondition' : 'none');
  if (talk.learn === null || knobs === undefined) return first;
  const second = await removeOnce(speaking(talk, knobs), type, id);
  if (second.ok) await learned(talk, { knobs, proven: [], why: first.error.message });
  return second.ok ? second : first;
}

async function removeOnce(talk: Talk, type: ResourceType, id: string): Promise<Answer<null>> {
  const { connection, dialect } = talk;
  const doing = `delete ${type.toLowerCase()} ${id}`;
  const before = dialect.conditionalWrites ? await read(talk, type, id) : null;
  if (before !== null && !before.ok) return before.error.code === 'InvalidAnchor' ? done(null) : before;
  const version = before?.value.version ?? null;
  const answer = await ask(connection, {
    method: 'DELETE',
    segments: [`${type}s`, id],
    ...(version === null ? {} : { headers: { 'if-match': version } }),
    doing,
    about: 'object',
  });
  if (answer.ok && isHtml(answer.value))
    return refused(incompatible(doing, 'the application answered HTML instead of SCIM'));
  return answer.ok || answer.error.code === 'InvalidAnchor' ? done(null) : answer;
}
