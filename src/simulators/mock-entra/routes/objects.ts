// What the routes of all kinds share: finding an object by its key, listing objects, answering one.
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { contextOf, rootOf, type Answer, type Call, type World } from '../http/call.ts';
import { badRequest, notFound } from '../http/errors.ts';
import type { Listing } from '../odata/list.ts';
import { defaultNames, entityType, project, type ItemKind } from '../odata/properties.ts';
import { readExpand, readSelect } from '../odata/query.ts';
import { objects, type Source } from '../state/collections.ts';
import type { Kind } from '../state/changes.ts';
import { liveRef, managerOf, propertiesOf, userByName, type Ref } from '../state/directory.ts';
import { textOf } from '../text.ts';

export type Handler = (world: World, call: Call, keys: readonly string[]) => Answer | Promise<Answer>;
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Segments joined by `/`; `:` stands for a key. */
  readonly path: string;
  readonly handle: Handler;
}
export const route = (method: Route['method'], path: string, handle: Handler): Route => ({ method, path, handle });

export const noContent: Answer = { status: 204 };

/** Live object by id, by userPrincipalName, or by an alternate key such as `appId=…`; throws 404. */
export function find(world: World, kind: Kind, key: string): Ref {
  const ref = alternate(world, kind, key) ?? liveRef(world.directory, key);
  const found = ref ?? (kind === 'user' && key.includes('@') ? userByName(world.directory, key) : null);
  if (found?.kind !== kind) throw notFound(key);
  return found;
}

function alternate(world: World, kind: Kind, key: string): Ref | null {
  const [, name = '', value = ''] = /^(appId|userPrincipalName)=(.+)$/i.exec(key) ?? [];
  if (name.toLowerCase() === 'userprincipalname') return userByName(world.directory, value);
  return name === '' ? null : byAppId(world, kind, value);
}

/** Live application or service principal of an appId. */
export function byAppId({ directory }: World, kind: Kind, appId: string): Ref | null {
  if (kind !== 'application' && kind !== 'servicePrincipal') return null;
  const source = objects(directory, kind);
  for (let position = 0; position < source.size; position += 1) {
    const ref = source.at(position);
    if (ref !== null && textOf(propertiesOf(directory, ref)['appId']).toLowerCase() === appId.toLowerCase()) return ref;
  }
  return null;
}

export function objectListing(world: World, source: Source<Ref>, kind: Kind | 'directoryObject'): Listing<Ref> {
  const { directory } = world;
  return {
    source,
    type: entityType(kind),
    typeOf: (ref) => entityType(ref.kind),
    propertiesOf: (ref) => propertiesOf(directory, ref),
    managerOf: (ref) => {
      const manager = managerOf(directory, ref);
      return manager === null ? null : propertiesOf(directory, manager);
    },
  };
}

/** Only the elements of one kind. */
export function cast(source: Source<Ref>, kind: Kind): Source<Ref> {
  return {
    size: source.size,
    count: null,
    at(position) {
      const ref = source.at(position);
      return ref?.kind === kind ? ref : null;
    },
  };
}

/** Answers one object with `$select` and `$expand`. `mixed`: the address does not tell its kind. */
export function answerObject(world: World, call: Call, ref: Ref, mixed = false): Answer {
  const type = entityType(ref.kind);
  const select = readSelect(call.query.get('$select'), type);
  const body: Record<string, Json> = entityBody(call, ref.kind, propertiesOf(world.directory, ref), { select, mixed });
  const expand = readExpand(call.query.get('$expand'), type);
  const manager = expand === null ? null : managerOf(world.directory, ref);
  if (expand !== null && manager !== null) {
    const properties = project(entityType('user'), propertiesOf(world.directory, manager), expand);
    body['manager'] = { '@odata.type': '#microsoft.graph.user', ...properties };
  }
  return { status: 200, body };
}

interface BodyShape {
  readonly select?: readonly string[] | null;
  readonly mixed?: boolean;
}

export function entityBody(
  call: Call,
  kind: ItemKind,
  properties: JsonObject,
  shape: BodyShape = {},
): Record<string, Json> {
  const type = entityType(kind);
  const set = shape.mixed === true ? 'directoryObjects' : type.set;
  const selected = shape.select == null ? '' : `(${shape.select.join(',')})`;
  return {
    '@odata.context': contextOf(call, `${set}${selected}/$entity`),
    ...(shape.mixed === true ? { '@odata.type': type.odataType } : {}),
    ...project(type, properties, shape.select ?? defaultNames(type)),
  };
}

export function answerCreated(world: World, call: Call, ref: Ref): Answer {
  const body = entityBody(call, ref.kind, propertiesOf(world.directory, ref));
  return { status: 201, body, headers: { location: `${rootOf(call)}/${entityType(ref.kind).set}/${ref.id}` } };
}

/** The object that `{"@odata.id": "…/users/{id}"}`, or an `@odata.bind` link, points at; throws 400 or 404. */
export function linked(world: World, link: Json | undefined): Ref {
  if (typeof link !== 'string')
    throw badRequest('A reference is a JSON object like {"@odata.id": "https://.../v1.0/directoryObjects/{id}"}.');
  const key = decodeURIComponent(/([^/('"]+)['")]*\/?$/.exec(link)?.[1] ?? '');
  const ref = liveRef(world.directory, key) ?? (key.includes('@') ? userByName(world.directory, key) : null);
  if (ref === null) throw notFound(key);
  return ref;
}
