// The tenant itself (/organization), objects of unknown kind (/directoryObjects), and the recycle bin (/directory/deletedItems).
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import type { Answer, Call, World } from '../http/call.ts';
import { badRequest, notFound } from '../http/errors.ts';
import { answerCount, answerList, type Listing } from '../odata/list.ts';
import { defaultNames, entityType, project } from '../odata/properties.ts';
import { deletedObjects, listSource } from '../state/collections.ts';
import { isKind, type Kind } from '../state/changes.ts';
import { liveRef, propertiesOf, refOf, stateOf, userByName, type Ref } from '../state/directory.ts';
import { purgeOf } from '../state/purge.ts';
import { domain } from '../tenant/tenant.ts';
import { answerObject, noContent, objectListing, route, type Route } from './objects.ts';

const prefix = 'microsoft.graph.';

function castKind(segment: string): Kind | null {
  const kind = segment.slice(prefix.length);
  return segment.startsWith(prefix) && isKind(kind) ? kind : null;
}

function bin(world: World, segment: string): Listing<Ref> {
  const kind = castKind(segment);
  if (kind === null)
    throw badRequest(
      `'${segment}' is not a kind of deleted items: use microsoft.graph.user, group, application or servicePrincipal.`,
    );
  return objectListing(world, deletedObjects(world.directory, kind), kind);
}

function deleted(world: World, id: string): Ref {
  const ref = refOf(world.directory, id);
  if (ref === null || stateOf(world.directory, ref.id) !== 'soft-deleted') throw notFound(id);
  return ref;
}

/** A kind's segment lists its bin; anything else is an id. */
function readBin(world: World, call: Call, [segment = '']: readonly string[]): Answer | Promise<Answer> {
  if (!segment.startsWith(prefix)) return answerDeleted(world, call, deleted(world, segment));
  const listing = bin(world, segment);
  return answerList(world, call, withDeletionTime(listing));
}

/** Items of the bin always show when they were deleted. */
function withDeletionTime(listing: Listing<Ref>): Listing<Ref> {
  const { type } = listing;
  const shown = type.properties.get('deleteddatetime');
  if (shown === undefined || shown.byDefault) return listing;
  const properties = new Map([...type.properties, ['deleteddatetime', { ...shown, byDefault: true }] as const]);
  const own = { ...type, properties };
  return { ...listing, type: own, typeOf: () => own };
}

function answerDeleted(world: World, call: Call, ref: Ref): Answer {
  const answer = answerObject(world, call, ref, true);
  const deletedDateTime = propertiesOf(world.directory, ref)['deletedDateTime'] ?? null;
  return { status: 200, body: { ...(answer.body as JsonObject), deletedDateTime } };
}

function restore(world: World, call: Call, [id = '']: readonly string[]): Answer {
  const ref = deleted(world, id);
  const name = world.directory.overlay.entries.get(ref.id)?.set['userPrincipalName'] ?? originalName(world, ref);
  if (ref.kind === 'user' && typeof name === 'string' && userByName(world.directory, name) !== null)
    throw badRequest('Another object with the same value for property userPrincipalName already exists.');
  world.directory.commit([{ op: 'restore', kind: ref.kind, id: ref.id }]);
  return answerObject(world, call, ref, true);
}

/** While deleted, a user's name carries its id in front. */
function originalName({ directory }: World, ref: Ref): Json {
  const name = propertiesOf(directory, ref)['userPrincipalName'];
  return typeof name === 'string' ? name.slice(ref.id.replaceAll('-', '').length) : null;
}

function purge(world: World, _: Call, [id = '']: readonly string[]): Answer {
  const ref = deleted(world, id);
  world.directory.commit(purgeOf(world.directory, ref));
  return noContent;
}

function organization({ directory }: World): Listing<JsonObject> {
  const type = entityType('organization');
  const self: JsonObject = {
    id: directory.tenant.id,
    createdDateTime: '2016-01-04T09:00:00Z',
    displayName: 'Contoso',
    countryLetterCode: 'US',
    tenantType: 'AAD',
    verifiedDomains: [
      { name: domain, type: 'Managed', isDefault: true, isInitial: false, capabilities: 'Email' },
      { name: 'contoso.onmicrosoft.com', type: 'Managed', isDefault: false, isInitial: true, capabilities: 'Email' },
    ],
  };
  return {
    source: listSource([self]),
    type,
    typeOf: () => type,
    propertiesOf: (item) => project(type, item, defaultNames(type)),
  };
}

export const tenantRoutes: readonly Route[] = [
  route('GET', 'organization', (world, call) => answerList(world, call, organization(world))),
  route('GET', 'directoryObjects/:', (world, call, [id = '']) => {
    const ref = liveRef(world.directory, id);
    if (ref === null) throw notFound(id);
    return answerObject(world, call, ref, true);
  }),
  route('GET', 'directory/deletedItems', () => {
    throw badRequest('Name the kind of deleted items, for example /directory/deletedItems/microsoft.graph.user.');
  }),
  route('GET', 'directory/deletedItems/:', readBin),
  route('GET', 'directory/deletedItems/:/$count', (world, call, [segment = '']) =>
    answerCount(call, bin(world, segment)),
  ),
  route('POST', 'directory/deletedItems/:/restore', restore),
  route('DELETE', 'directory/deletedItems/:', purge),
];
