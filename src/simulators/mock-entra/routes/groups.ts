// /groups: reads, delta, members, and the writes of an administrator's script.
import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { answerDelta } from '../delta/page.ts';
import { bodyOf, isEventual, type Answer, type Call, type World } from '../http/call.ts';
import { badRequest, notFound, unsupportedQuery } from '../http/errors.ts';
import { pinned } from '../odata/filter.ts';
import { parseFilter } from '../odata/filter-parser.ts';
import { answerCount, answerList } from '../odata/list.ts';
import { entityType } from '../odata/properties.ts';
import {
  isMember,
  isRestorable,
  listSource,
  memberOf,
  members,
  objects,
  transitiveMembers,
  type Source,
} from '../state/collections.ts';
import type { Change } from '../state/changes.ts';
import { liveRef, propertiesOf, refOf, type Directory, type Ref } from '../state/directory.ts';
import { purgeOf } from '../state/purge.ts';
import { domain } from '../tenant/tenant.ts';
import { textOf } from '../text.ts';
import {
  answerCreated,
  answerObject,
  cast,
  find,
  linked,
  noContent,
  objectListing,
  route,
  type Route,
} from './objects.ts';
import { difference, readProperties, requireProperties } from './properties.ts';

const maximumBind = 20;
const casts = ['user', 'group', 'servicePrincipal'] as const;

function candidates(directory: Directory, call: Call): Source<Ref> {
  const text = call.query.get('$filter');
  const ids = text === undefined ? null : pinned(parseFilter(text), 'id');
  if (ids === null) return objects(directory, 'group');
  return cast(listSource([...new Set(ids)].flatMap((id) => liveRef(directory, id) ?? [])), 'group');
}

function create(world: World, call: Call): Answer {
  const body = bodyOf(call);
  const type = entityType('group');
  const set = readProperties(type, body);
  requireProperties(type, set);
  const id = randomUUID();
  const created = { groupTypes: [], ...set, ...mailOf(set), id, createdDateTime: world.now().toISOString() };
  world.directory.commit([
    { op: 'create', kind: 'group', id, set: created },
    ...bound(world, id, body['members@odata.bind'], null),
  ]);
  return answerCreated(world, call, find(world, 'group', id));
}

/** A mail-enabled group gets its address from the directory. */
function mailOf(set: JsonObject): JsonObject {
  if (set['mailEnabled'] !== true) return {};
  const mail = `${textOf(set['mailNickname'])}@${domain}`;
  return { mail, proxyAddresses: [`SMTP:${mail}`] };
}

function update(world: World, call: Call, [key = '']: readonly string[]): Answer {
  const group = find(world, 'group', key);
  const body = bodyOf(call);
  const set = difference(propertiesOf(world.directory, group), readProperties(entityType('group'), body));
  if (set['displayName'] === null) throw badRequest("Property 'displayName' is required and cannot be null.");
  const changes: Change[] = Object.keys(set).length > 0 ? [{ op: 'update', kind: 'group', id: group.id, set }] : [];
  world.directory.commit([...changes, ...bound(world, group.id, body['members@odata.bind'], group)]);
  return noContent;
}

/** Members named in `members@odata.bind`. `group` is null while it is being created. */
function bound(world: World, groupId: string, links: Json | undefined, group: Ref | null): readonly Change[] {
  if (links === undefined) return [];
  if (!Array.isArray(links)) throw badRequest("'members@odata.bind' is a list of addresses of objects.");
  if (links.length > maximumBind)
    throw badRequest(
      `The request to update members exceeds the limit of ${String(maximumBind)} 'members@odata.bind' links.`,
    );
  const refs = new Map(links.map((link: Json) => linked(world, link)).map((ref) => [ref.id, ref]));
  return [...refs.values()].map((ref) => addition(world, groupId, ref, group));
}

function addition(world: World, groupId: string, member: Ref, group: Ref | null): Change {
  if (member.kind === 'application' || member.id === groupId)
    throw badRequest(`The object '${member.id}' cannot be a member of group '${groupId}'.`);
  if (group !== null && isMember(world.directory, group, member))
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'members'.",
    );
  return { op: 'member', group: groupId, member: member.id, kind: member.kind, present: true };
}

function remove(world: World, _: Call, [key = '']: readonly string[]): Answer {
  const group = find(world, 'group', key);
  const { id } = group;
  const changes: readonly Change[] = isRestorable(world.directory, group)
    ? [{ op: 'delete', kind: 'group', id, at: world.now().toISOString() }]
    : purgeOf(world.directory, group);
  world.directory.commit(changes);
  return noContent;
}

function addMember(world: World, call: Call, [key = '']: readonly string[]): Answer {
  const group = find(world, 'group', key);
  world.directory.commit([addition(world, group.id, linked(world, bodyOf(call)['@odata.id']), group)]);
  return noContent;
}

function removeMember(world: World, _: Call, [key = '', memberKey = '']: readonly string[]): Answer {
  const group = find(world, 'group', key);
  const member = refOf(world.directory, memberKey);
  if (member === null || !isMember(world.directory, group, member)) throw notFound(memberKey);
  world.directory.commit([{ op: 'member', group: group.id, member: member.id, kind: member.kind, present: false }]);
  return noContent;
}

type Members = (directory: Directory, group: Ref) => Source<Ref>;

/** List and count of a members collection, and of its casts to one kind. */
function memberRoutes(path: string, membersOf: Members, castNeedsAdvanced: boolean): readonly Route[] {
  const source = (world: World, key: string): Source<Ref> => membersOf(world.directory, find(world, 'group', key));
  const all: readonly Route[] = [
    route('GET', path, (world, call, [key = '']) =>
      answerList(world, call, objectListing(world, source(world, key), 'directoryObject')),
    ),
    route('GET', `${path}/$count`, (world, call, [key = '']) =>
      answerCount(call, objectListing(world, source(world, key), 'directoryObject')),
    ),
  ];
  const ofKind = casts.flatMap((kind): readonly Route[] => [
    route('GET', `${path}/microsoft.graph.${kind}`, (world, call, [key = '']) => {
      if (castNeedsAdvanced && !(isEventual(call) && call.query.get('$count') === 'true'))
        throw unsupportedQuery("This cast needs 'ConsistencyLevel:eventual' and '$count=true'.");
      return answerList(world, call, objectListing(world, cast(source(world, key), kind), kind));
    }),
    route('GET', `${path}/microsoft.graph.${kind}/$count`, (world, call, [key = '']) =>
      answerCount(call, objectListing(world, cast(source(world, key), kind), kind)),
    ),
  ]);
  return [...all, ...ofKind];
}

export const groupRoutes: readonly Route[] = [
  route('GET', 'groups', (world, call) =>
    answerList(world, call, objectListing(world, candidates(world.directory, call), 'group')),
  ),
  route('POST', 'groups', create),
  route('GET', 'groups/$count', (world, call) =>
    answerCount(call, objectListing(world, objects(world.directory, 'group'), 'group')),
  ),
  route('GET', 'groups/delta', (world, call) => answerDelta(world, call, 'group')),
  route('GET', 'groups/:', (world, call, [key = '']) => answerObject(world, call, find(world, 'group', key))),
  route('PATCH', 'groups/:', update),
  route('DELETE', 'groups/:', remove),
  ...memberRoutes('groups/:/members', members, false),
  ...memberRoutes('groups/:/transitiveMembers', transitiveMembers, true),
  route('POST', 'groups/:/members/$ref', addMember),
  route('DELETE', 'groups/:/members/:/$ref', removeMember),
  route('GET', 'groups/:/memberOf', (world, call, [key = '']) => {
    const groups = memberOf(world.directory, find(world, 'group', key));
    return answerList(world, call, objectListing(world, listSource(groups), 'directoryObject'));
  }),
];
