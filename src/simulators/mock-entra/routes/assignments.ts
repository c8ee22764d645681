// App role assignments, seen from the resource (appRoleAssignedTo) and from the principal (appRoleAssignments).
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../rules/model/json.ts';
import { bodyOf, type Answer, type Call, type World } from '../http/call.ts';
import { badRequest, notFound } from '../http/errors.ts';
import { answerList, type Listing } from '../odata/list.ts';
import { entityType } from '../odata/properties.ts';
import { assignments } from '../state/collections.ts';
import type { Assignment, Kind } from '../state/changes.ts';
import { liveRef, propertiesOf, type Directory, type Ref } from '../state/directory.ts';
import { textOf } from '../text.ts';
import { entityBody, find, noContent, route, type Route } from './objects.ts';

type Side = 'resourceId' | 'principalId';

/** "Default access": no particular role. */
const defaultAccess = '00000000-0000-0000-0000-000000000000';

interface Owner {
  readonly set: string;
  readonly kind: Kind;
  readonly collection: string;
  readonly side: Side;
}
const owners: readonly Owner[] = [
  { set: 'servicePrincipals', kind: 'servicePrincipal', collection: 'appRoleAssignedTo', side: 'resourceId' },
  { set: 'servicePrincipals', kind: 'servicePrincipal', collection: 'appRoleAssignments', side: 'principalId' },
  { set: 'users', kind: 'user', collection: 'appRoleAssignments', side: 'principalId' },
  { set: 'groups', kind: 'group', collection: 'appRoleAssignments', side: 'principalId' },
];

function show(directory: Directory, assignment: Assignment): JsonObject {
  const principal = liveRef(directory, assignment.principalId);
  const resource = liveRef(directory, assignment.resourceId);
  return {
    id: assignment.id,
    deletedDateTime: null,
    appRoleId: assignment.appRoleId,
    createdDateTime: assignment.createdDateTime,
    principalDisplayName: nameOf(directory, principal),
    principalId: assignment.principalId,
    principalType: principal === null ? null : principalTypes[principal.kind],
    resourceDisplayName: nameOf(directory, resource),
    resourceId: assignment.resourceId,
  };
}

const principalTypes: Readonly<Record<Kind, string>> = {
  user: 'User',
  group: 'Group',
  servicePrincipal: 'ServicePrincipal',
  application: 'Application',
};

function nameOf(directory: Directory, ref: Ref | null): string | null {
  const name = ref === null ? null : propertiesOf(directory, ref)['displayName'];
  return typeof name === 'string' ? name : null;
}

function listing({ directory }: World, owner: Ref, side: Side): Listing<Assignment> {
  const type = entityType('appRoleAssignment');
  return {
    source: assignments(directory, owner, side),
    type,
    typeOf: () => type,
    propertiesOf: (assignment) => show(directory, assignment),
  };
}

function one({ directory }: World, owner: Ref, side: Side, id: string): Assignment {
  const assignment = directory.overlay.assignments.get(id);
  if (assignment?.[side] !== owner.id) throw notFound(id);
  return assignment;
}

function create(world: World, call: Call, owner: Ref, side: Side): Answer {
  const { directory } = world;
  const body = bodyOf(call);
  const principal = reference(world, body, 'principalId');
  const resource = reference(world, body, 'resourceId');
  if ((side === 'resourceId' ? resource : principal).id !== owner.id)
    throw badRequest(`Property '${side}' is not the id of the object in the address.`);
  if (resource.kind !== 'servicePrincipal')
    throw badRequest("Property 'resourceId' is not the id of a service principal.");
  const appRoleId = requiredText(body, 'appRoleId').toLowerCase();
  if (appRoleId !== defaultAccess && !roleIds(directory, resource).includes(appRoleId))
    throw badRequest(
      `Permission being assigned was not found on application '${resource.id}': appRoleId '${appRoleId}'.`,
    );
  const id = createHash('sha256').update(`${principal.id}/${resource.id}/${appRoleId}`).digest('base64url');
  if (directory.overlay.assignments.has(id))
    throw badRequest('Permission being assigned already exists on the object.');
  const assignment = {
    id,
    principalId: principal.id,
    resourceId: resource.id,
    appRoleId,
    createdDateTime: world.now().toISOString(),
  };
  directory.commit([{ op: 'assign', assignment }]);
  return { status: 201, body: entityBody(call, 'appRoleAssignment', show(directory, assignment)) };
}

function requiredText(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '')
    throw badRequest(`A value is required for property '${name}' of resource 'AppRoleAssignment'.`);
  return value;
}

function reference({ directory }: World, body: JsonObject, name: Side): Ref {
  const id = requiredText(body, name);
  const ref = liveRef(directory, id);
  if (ref === null) throw notFound(id);
  return ref;
}

function roleIds(directory: Directory, resource: Ref): readonly string[] {
  const roles = propertiesOf(directory, resource)['appRoles'];
  if (!Array.isArray(roles)) return [];
  return roles.map((role: JsonObject) => textOf(role['id']).toLowerCase());
}

function routesOf({ set, kind, collection, side }: Owner): readonly Route[] {
  const path = `${set}/:/${collection}`;
  return [
    route('GET', path, (world, call, [key = '']) =>
      answerList(world, call, listing(world, find(world, kind, key), side)),
    ),
    route('POST', path, (world, call, [key = '']) => create(world, call, find(world, kind, key), side)),
    route('GET', `${path}/:`, (world, call, [key = '', id = '']) => {
      const assignment = one(world, find(world, kind, key), side, id);
      return { status: 200, body: entityBody(call, 'appRoleAssignment', show(world.directory, assignment)) };
    }),
    route('DELETE', `${path}/:`, (world, _, [key = '', id = '']) => {
      world.directory.commit([{ op: 'unassign', id: one(world, find(world, kind, key), side, id).id }]);
      return noContent;
    }),
  ];
}

export const assignmentRoutes: readonly Route[] = owners.flatMap(routesOf);
