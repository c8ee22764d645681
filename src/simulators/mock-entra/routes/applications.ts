// /applications and /servicePrincipals: two views of an application that are made and renamed together.
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../rules/model/json.ts';
import { answerDelta } from '../delta/page.ts';
import { bodyOf, type Answer, type Call, type World } from '../http/call.ts';
import { badRequest } from '../http/errors.ts';
import { answerCount, answerList } from '../odata/list.ts';
import { entityType } from '../odata/properties.ts';
import { objects } from '../state/collections.ts';
import type { Change } from '../state/changes.ts';
import { propertiesOf, type Ref } from '../state/directory.ts';
import { textOf } from '../text.ts';
import {
  answerCreated,
  answerObject,
  byAppId,
  find,
  noContent,
  objectListing,
  route,
  type Handler,
  type Route,
} from './objects.ts';
import { difference, readProperties, requireProperties } from './properties.ts';

type AppKind = 'application' | 'servicePrincipal';

/** Properties of a new application, without id. */
export function newApplication(world: World, set: JsonObject): JsonObject {
  return {
    identifierUris: [],
    signInAudience: 'AzureADMyOrg',
    tags: [],
    appRoles: [],
    ...set,
    appId: randomUUID(),
    publisherDomain: 'contoso.onmicrosoft.com',
    createdDateTime: world.now().toISOString(),
  };
}

/** Properties of a new service principal of an application, without id. */
export function newServicePrincipal(world: World, application: JsonObject, set: JsonObject): JsonObject {
  const { appId = null, displayName = null, appRoles = [], applicationTemplateId = null } = application;
  return {
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    displayName,
    appRoles,
    servicePrincipalType: 'Application',
    servicePrincipalNames: [appId],
    signInAudience: 'AzureADMyOrg',
    tags: [],
    ...set,
    appId,
    appDisplayName: displayName,
    applicationTemplateId,
    appOwnerOrganizationId: world.directory.tenant.id,
    createdDateTime: world.now().toISOString(),
  };
}

function createApplication(world: World, call: Call): Answer {
  const set = readProperties(entityType('application'), bodyOf(call));
  requireProperties(entityType('application'), set);
  return create(world, call, 'application', newApplication(world, set));
}

function createServicePrincipal(world: World, call: Call): Answer {
  const set = readProperties(entityType('servicePrincipal'), bodyOf(call));
  requireProperties(entityType('servicePrincipal'), set);
  const appId = textOf(set['appId']);
  const application = byAppId(world, 'application', appId);
  if (application === null)
    throw badRequest(
      `When using this permission, the backing application of the service principal being created must in the local tenant: appId '${appId}'.`,
    );
  if (byAppId(world, 'servicePrincipal', appId) !== null)
    throw badRequest(
      `The service principal cannot be created because the service principal name ${appId} is already in use.`,
    );
  return create(
    world,
    call,
    'servicePrincipal',
    newServicePrincipal(world, propertiesOf(world.directory, application), set),
  );
}

function create(world: World, call: Call, kind: AppKind, properties: JsonObject): Answer {
  const id = randomUUID();
  world.directory.commit([{ op: 'create', kind, id, set: { ...properties, id } }]);
  return answerCreated(world, call, find(world, kind, id));
}

const update =
  (kind: AppKind): Handler =>
  (world, call, [key = '']) => {
    const ref = find(world, kind, key);
    const current = propertiesOf(world.directory, ref);
    const set = difference(current, readProperties(entityType(kind), bodyOf(call)));
    if (set['displayName'] === null) throw badRequest("Property 'displayName' is required and cannot be null.");
    if (set['appId'] !== undefined) throw badRequest("Property 'appId' is read-only and cannot be set.");
    const own: readonly Change[] = Object.keys(set).length === 0 ? [] : [{ op: 'update', kind, id: ref.id, set }];
    const follower = kind === 'application' ? byAppId(world, 'servicePrincipal', textOf(current['appId'])) : null;
    world.directory.commit([...own, ...(follower === null ? [] : followed(follower, set))]);
    return noContent;
  };

/** Roles are declared on the application and copied to its service principal; so is the name. */
function followed({ id }: Ref, { appRoles, displayName }: JsonObject): readonly Change[] {
  const set: JsonObject = {
    ...(appRoles === undefined ? {} : { appRoles }),
    ...(displayName === undefined ? {} : { displayName, appDisplayName: displayName }),
  };
  return Object.keys(set).length === 0 ? [] : [{ op: 'update', kind: 'servicePrincipal', id, set }];
}

const remove =
  (kind: AppKind): Handler =>
  (world, _, [key = '']) => {
    const ref = find(world, kind, key);
    const appId = textOf(propertiesOf(world.directory, ref)['appId']);
    const at = world.now().toISOString();
    const principal = kind === 'application' ? byAppId(world, 'servicePrincipal', appId) : null;
    const changes: Change[] = [{ op: 'delete', kind, id: ref.id, at }];
    if (principal !== null) changes.push({ op: 'delete', kind: 'servicePrincipal', id: principal.id, at });
    world.directory.commit(changes);
    return noContent;
  };

function common(set: string, kind: AppKind, creator: Handler): readonly Route[] {
  return [
    route('GET', set, (world, call) =>
      answerList(world, call, objectListing(world, objects(world.directory, kind), kind)),
    ),
    route('POST', set, creator),
    route('GET', `${set}/$count`, (world, call) =>
      answerCount(call, objectListing(world, objects(world.directory, kind), kind)),
    ),
    route('GET', `${set}/delta`, (world, call) => answerDelta(world, call, kind)),
    route('GET', `${set}/:`, (world, call, [key = '']) => answerObject(world, call, find(world, kind, key))),
    route('PATCH', `${set}/:`, update(kind)),
    route('DELETE', `${set}/:`, remove(kind)),
  ];
}

export const applicationRoutes: readonly Route[] = [
  ...common('applications', 'application', createApplication),
  ...common('servicePrincipals', 'servicePrincipal', createServicePrincipal),
];
