// Reads a delta request: a first one with its options, or a link with its token, and refuses what Graph refuses.
import type { JsonObject } from '../../../rules/model/json.ts';
import type { Call, World } from '../http/call.ts';
import { badRequest, GraphError, unsupportedQuery } from '../http/errors.ts';
import { parseFilter, type Filter } from '../odata/filter-parser.ts';
import { entityType } from '../odata/properties.ts';
import { readSelect } from '../odata/query.ts';
import type { Kind } from '../state/changes.ts';

/** What a delta query follows; encoded in each of its links. */
export interface Plan {
  readonly kind: Kind;
  /** null = default properties (and members, for groups). */
  readonly select: readonly string[] | null;
  /** Relations that were selected. */
  readonly relations: readonly string[];
  /** null = all objects. */
  readonly ids: readonly string[] | null;
}
/** One round: everything (`from` null), or what was touched in `from` … `to`. */
export interface Round extends Plan {
  readonly from: number | null;
  readonly to: number;
}
export interface DeltaRequest {
  readonly round: Round;
  /** Where in the round the page starts. */
  readonly row: number;
  readonly member: number;
  /** `$deltatoken=latest`: no objects, just a link. */
  readonly latest: boolean;
}
type DeltaToken = DeltaRequest & {
  readonly done: boolean;
  readonly generation: number;
  readonly epoch: number;
  /** Seconds since 1970. */
  readonly at: number;
};

const lifetimeSeconds = 7 * 24 * 3_600;
const maximumIds = 50;
const unsupported = ['$expand', '$top', '$orderby', '$count', '$search', '$skip'];
const relationsOf: Readonly<Record<Kind, readonly string[]>> = {
  user: ['manager'],
  group: ['members', 'owners'],
  application: [],
  servicePrincipal: [],
};

export function readDeltaRequest(world: World, call: Call, kind: Kind): DeltaRequest {
  const { query } = call;
  const refused = unsupported.find((option) => query.has(option));
  if (refused !== undefined)
    throw unsupportedQuery(`The query option '${refused}' is not supported on delta of '${entityType(kind).set}'.`);
  const skip = query.get('$skiptoken');
  const delta = query.get('$deltatoken') ?? '';
  const { lag, replays } = world.faults.current;
  const now = Math.max(0, world.directory.overlay.touches.length - lag);
  if (skip === undefined && (delta === '' || delta === 'latest')) {
    return { round: { ...readPlan(call, kind), from: null, to: now }, row: 0, member: 0, latest: delta === 'latest' };
  }
  if (query.has('$select') || query.has('$filter'))
    throw badRequest("'$select' and '$filter' are encoded in the token and cannot be given with it.");
  const token = openToken(world, call, kind, skip ?? delta);
  if (token.done !== (skip === undefined)) throw syncStateNotFound();
  if (!token.done) return token;
  const from = Math.max(0, token.round.to - replays);
  return { round: { ...token.round, from, to: Math.max(token.round.to, now) }, row: 0, member: 0, latest: false };
}

function readPlan(call: Call, kind: Kind): Plan {
  const names = (call.query.get('$select') ?? '')
    .split(',')
    .flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  const known = relationsOf[kind];
  const isRelation = (name: string): boolean => known.includes(name.toLowerCase());
  const properties = names.filter((name) => !isRelation(name));
  return {
    kind,
    select: names.length === 0 ? null : (readSelect(properties.join(','), entityType(kind)) ?? []),
    relations:
      names.length === 0 && kind === 'group' ? ['members'] : names.filter(isRelation).map((name) => name.toLowerCase()),
    ids: readIds(call),
  };
}

function readIds(call: Call): readonly string[] | null {
  const text = call.query.get('$filter');
  if (text === undefined) return null;
  const ids = idsIn(parseFilter(text));
  if (ids === null) throw unsupportedQuery("Delta supports only '$filter=id eq ...' joined by 'or'.");
  if (ids.length > maximumIds)
    throw badRequest(`Too many ids in '$filter': at most ${String(maximumIds)} are supported.`);
  return ids.map((id) => id.toLowerCase());
}

function idsIn(filter: Filter): readonly string[] | null {
  if (filter.op === 'compare' && filter.by === 'eq')
    return filter.path.toLowerCase() === 'id' ? [String(filter.value)] : null;
  if (filter.op !== 'or') return null;
  const [left, right] = [idsIn(filter.left), idsIn(filter.right)];
  return left === null || right === null ? null : [...left, ...right];
}

/** The token of a link. `next` is where the round goes on; null when the round is complete. */
export function sealToken(
  world: World,
  request: DeltaRequest,
  next: { readonly row: number; readonly member: number } | null,
): string {
  const { epoch, generation } = world.directory.overlay;
  const at = Math.floor(world.now().getTime() / 1000);
  const token = {
    round: request.round,
    ...(next ?? { row: 0, member: 0 }),
    done: next === null,
    latest: false,
    generation,
    epoch,
    at,
  };
  return world.seal.seal({ delta: token as unknown as JsonObject });
}

function openToken(world: World, call: Call, kind: Kind, text: string): DeltaToken {
  const content = world.seal.open(text)?.['delta'];
  if (content === undefined) throw syncStateNotFound();
  const token = content as unknown as DeltaToken;
  const { epoch, generation, touches } = world.directory.overlay;
  if (token.round.kind !== kind || token.round.to > touches.length) throw syncStateNotFound();
  if (token.generation !== generation) throw gone(call, token.round);
  const age = world.now().getTime() / 1000 - token.at;
  if (token.epoch !== epoch || age > lifetimeSeconds) throw syncStateNotFound();
  return token;
}

const syncStateNotFound = (): GraphError =>
  new GraphError(
    400,
    'syncStateNotFound',
    'The sync state generation is not found. The delta token is expired and data must be synchronized again.',
  );

function gone(call: Call, { kind, select, relations, ids }: Plan): GraphError {
  const names = select === null ? '' : `$select=${[...select, ...relations].join(',')}&`;
  const filter = ids === null ? '' : `$filter=${ids.map((id) => `id%20eq%20'${id}'`).join('%20or%20')}&`;
  const location = `${call.origin}/${call.version}/${entityType(kind).set}/delta?${names}${filter}$deltatoken=`;
  return new GraphError(
    410,
    'resyncRequired',
    'The service has lost its sync state: synchronize again from the address in Location.',
    {
      location,
    },
  );
}
