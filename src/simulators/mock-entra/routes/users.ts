// /users: reads, delta, and the writes of an administrator's script.
import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { answerDelta } from '../delta/page.ts';
import { bodyOf, contextOf, rootOf, type Answer, type Call, type World } from '../http/call.ts';
import { badRequest, notFound } from '../http/errors.ts';
import { answerCount, answerList, type Listing } from '../odata/list.ts';
import { pinned } from '../odata/filter.ts';
import { parseFilter } from '../odata/filter-parser.ts';
import { entityType } from '../odata/properties.ts';
import { directReports, listSource, memberOf, objects, type Source } from '../state/collections.ts';
import type { Change } from '../state/changes.ts';
import {
  liveRef,
  managerOf,
  propertiesOf,
  userByName,
  usersByMail,
  type Directory,
  type Ref,
} from '../state/directory.ts';
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

/** Objects that a filter pins down by key need no walk over the tenant. */
function candidates(directory: Directory, call: Call): Source<Ref> {
  const text = call.query.get('$filter');
  if (text === undefined) return objects(directory, 'user');
  const filter = parseFilter(text);
  const ids = pinned(filter, 'id')?.map((id) => liveRef(directory, id));
  const found =
    ids ??
    pinned(filter, 'userPrincipalName')?.map((name) => userByName(directory, name)) ??
    pinned(filter, 'mail')?.flatMap((mail) => (mail === 'null' ? [] : usersByMail(directory, mail)));
  if (found === undefined || pinned(filter, 'mail')?.includes('null') === true) return objects(directory, 'user');
  return cast(listSource([...new Map(found.flatMap((ref) => (ref === null ? [] : [[ref.id, ref]]))).values()]), 'user');
}

const listing = (world: World, call: Call): Listing<Ref> =>
  objectListing(world, candidates(world.directory, call), 'user');

function create(world: World, call: Call): Answer {
  const body = bodyOf(call);
  const type = entityType('user');
  const set = readProperties(type, body);
  requireProperties(type, set);
  checkName(world, set, null);
  const id = randomUUID();
  const created = { userType: 'Member', ...set, id, createdDateTime: world.now().toISOString() };
  const manager = body['manager@odata.bind'];
  const changes: Change[] = [{ op: 'create', kind: 'user', id, set: created }];
  if (manager !== undefined)
    changes.push({ op: 'manager', user: id, manager: managerLink(world, manager).id, was: null });
  world.directory.commit(changes);
  return answerCreated(world, call, find(world, 'user', id));
}

function update(world: World, call: Call, [key = '']: readonly string[]): Answer {
  const user = find(world, 'user', key);
  const set = difference(propertiesOf(world.directory, user), readProperties(entityType('user'), bodyOf(call)));
  const required = entityType('user').required.find((name) => set[name] === null);
  if (required !== undefined) throw badRequest(`Property '${required}' is required and cannot be null.`);
  checkName(world, set, user);
  if (Object.keys(set).length > 0) world.directory.commit([{ op: 'update', kind: 'user', id: user.id, set }]);
  return noContent;
}

function checkName({ directory }: World, set: JsonObject, own: Ref | null): void {
  const name = set['userPrincipalName'];
  if (typeof name !== 'string') return;
  if (!/^[\w.!#^~'+-]+@[a-z\d-]+(\.[a-z\d-]+)*$/i.test(name))
    throw badRequest('Property userPrincipalName is invalid: it is ASCII, of the form name@domain.');
  const holder = userByName(directory, name);
  if (holder !== null && holder.id !== own?.id)
    throw badRequest('Another object with the same value for property userPrincipalName already exists.');
}

function remove(world: World, _: Call, [key = '']: readonly string[]): Answer {
  const { id } = find(world, 'user', key);
  world.directory.commit([{ op: 'delete', kind: 'user', id, at: world.now().toISOString() }]);
  return noContent;
}

function managerLink(world: World, link: Json | undefined): Ref {
  const manager = linked(world, link);
  if (manager.kind !== 'user') throw badRequest("The object referenced by 'manager' is not a user.");
  return manager;
}

function setManager(world: World, user: Ref, manager: Ref | null): Answer {
  const was = managerOf(world.directory, user)?.id ?? null;
  const id = manager?.id ?? null;
  if (id === null && was === null) throw notFound('manager');
  if (id !== was) world.directory.commit([{ op: 'manager', user: user.id, manager: id, was }]);
  return noContent;
}

function theManager(world: World, key: string): Ref {
  const manager = managerOf(world.directory, find(world, 'user', key));
  if (manager === null) throw notFound('manager');
  return manager;
}

export const userRoutes: readonly Route[] = [
  route('GET', 'users', (world, call) => answerList(world, call, listing(world, call))),
  route('POST', 'users', create),
  route('GET', 'users/$count', (world, call) => answerCount(call, listing(world, call))),
  route('GET', 'users/delta', (world, call) => answerDelta(world, call, 'user')),
  route('GET', 'users/:', (world, call, [key = '']) => answerObject(world, call, find(world, 'user', key))),
  route('PATCH', 'users/:', update),
  route('DELETE', 'users/:', remove),
  route('GET', 'users/:/manager', (world, call, [key = '']) => answerObject(world, call, theManager(world, key), true)),
  route('GET', 'users/:/manager/$ref', (world, call, [key = '']) => ({
    status: 200,
    body: {
      '@odata.context': contextOf(call, '$ref'),
      '@odata.id': `${rootOf(call)}/directoryObjects/${theManager(world, key).id}`,
    },
  })),
  route('PUT', 'users/:/manager/$ref', (world, call, [key = '']) =>
    setManager(world, find(world, 'user', key), managerLink(world, bodyOf(call)['@odata.id'])),
  ),
  route('DELETE', 'users/:/manager/$ref', (world, _, [key = '']) => setManager(world, find(world, 'user', key), null)),
  route('GET', 'users/:/directReports', (world, call, [key = '']) => {
    const reports = directReports(world.directory, find(world, 'user', key));
    return answerList(world, call, objectListing(world, listSource(reports), 'directoryObject'));
  }),
  route('GET', 'users/:/memberOf', (world, call, [key = '']) => {
    const groups = memberOf(world.directory, find(world, 'user', key));
    return answerList(world, call, objectListing(world, listSource(groups), 'directoryObject'));
  }),
  route('GET', 'users/:/memberOf/microsoft.graph.group', (world, call, [key = '']) => {
    const groups = memberOf(world.directory, find(world, 'user', key));
    return answerList(world, call, objectListing(world, listSource(groups), 'group'));
  }),
];
