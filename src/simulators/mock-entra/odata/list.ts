// Answers a collection: pages with next links, filters, counts and orders, without ever holding the collection in memory.
import { setImmediate as breathe } from 'node:timers/promises';
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { contextOf, isEventual, linkWith, type Answer, type Call, type World } from '../http/call.ts';
import { badRequest, GraphError } from '../http/errors.ts';
import type { Source } from '../state/collections.ts';
import { matches } from './filter.ts';
import { defaultNames, project, type EntityType } from './properties.ts';
import { readFilter, readListQuery, readSearch, type ListQuery, type Order } from './query.ts';

export interface Listing<T> {
  readonly source: Source<T>;
  /** `directoryObject` for collections of several kinds: then each item tells its own. */
  readonly type: EntityType;
  readonly typeOf: (item: T) => EntityType;
  readonly propertiesOf: (item: T) => JsonObject;
  readonly managerOf?: (item: T) => JsonObject | null;
}

/** Positions looked at in one request before a page is given out as it is, perhaps empty. */
const scanLimit = 50_000;
const breath = 5_000;

type Key = readonly [text: string, position: number];
type Cursor = { readonly position: number } | { readonly after: Key };
interface PageOf<T> {
  readonly items: readonly T[];
  readonly next: Cursor | null;
}

/** Answers `GET` of a collection with one page. */
export async function answerList<T>(world: World, call: Call, listing: Listing<T>): Promise<Answer> {
  const query = readListQuery(world, call, listing.type);
  const cursor = readCursor(world, call);
  const page = query.order === null ? scan(listing, query, cursor) : await ordered(listing, query, query.order, cursor);
  const selected = query.select === null ? '' : `(${query.select.join(',')})`;
  const body: Record<string, Json> = { '@odata.context': contextOf(call, `${listing.type.set}${selected}`) };
  if (query.count && cursor === null) body['@odata.count'] = await count(listing, query);
  if (page.next !== null) {
    const token = world.seal.seal({ list: { ...page.next }, epoch: world.directory.overlay.epoch });
    body['@odata.nextLink'] = linkWith(call, ['$skiptoken'], '$skiptoken', token);
  }
  body['value'] = page.items.map((item) => render(listing, query, item));
  return { status: 200, body };
}

/** Answers `…/$count` as plain text. */
export async function answerCount<T>(call: Call, listing: Listing<T>): Promise<Answer> {
  if (!isEventual(call)) throw badRequest('$count is not currently supported.');
  const filter = readFilter(call, listing.type, true);
  return { status: 200, body: String(await count(listing, { filter, search: readSearch(call) })) };
}

type Condition = Pick<ListQuery, 'filter' | 'search'>;

function passes<T>(listing: Listing<T>, { filter, search }: Condition, item: T): boolean {
  if (filter === null && search === null) return true;
  const properties = listing.propertiesOf(item);
  if (filter !== null && !matches(filter, properties, listing.type)) return false;
  return search === null || hasWord(properties['displayName'], search);
}

const hasWord = (name: Json | undefined, start: string): boolean =>
  typeof name === 'string' && ` ${name.toLowerCase()}`.includes(` ${start}`);

async function count<T>(listing: Listing<T>, condition: Condition): Promise<number> {
  const { source } = listing;
  if (condition.filter === null && condition.search === null && source.count !== null) return source.count;
  let found = 0;
  for (let position = 0; position < source.size; position += 1) {
    const item = source.at(position);
    if (item !== null && passes(listing, condition, item)) found += 1;
    if (position % breath === 0) await breathe();
  }
  return found;
}

function readCursor(world: World, call: Call): Cursor | null {
  const text = call.query.get('$skiptoken');
  if (text === undefined) return null;
  const token = world.seal.open(text);
  if (token?.['list'] === undefined) throw badRequest('Badly formed token: $skiptoken is not one of this directory.');
  if (token['epoch'] !== world.directory.overlay.epoch)
    throw new GraphError(
      400,
      'Directory_ExpiredPageToken',
      'The specified page token value has expired and can no longer be included in your request.',
    );
  return token['list'] as unknown as Cursor;
}

function scan<T>(listing: Listing<T>, query: ListQuery, cursor: Cursor | null): PageOf<T> {
  const { source } = listing;
  const start = cursor !== null && 'position' in cursor ? cursor.position : 0;
  const end = Math.min(source.size, start + scanLimit);
  const items: T[] = [];
  let position = start;
  for (; position < end && items.length < query.top; position += 1) {
    const item = source.at(position);
    if (item !== null && passes(listing, query, item)) items.push(item);
  }
  return { items, next: position < source.size ? { position } : null };
}

interface Keyed<T> {
  readonly key: Key;
  readonly item: T;
}

/** Keeps the smallest items after the cursor: one pass per page, memory for one page. */
async function ordered<T>(
  listing: Listing<T>,
  query: ListQuery,
  order: Order,
  cursor: Cursor | null,
): Promise<PageOf<T>> {
  const { source } = listing;
  const after = cursor !== null && 'after' in cursor ? cursor.after : null;
  const best: Keyed<T>[] = [];
  for (let position = 0; position < source.size; position += 1) {
    if (position % breath === breath - 1) await breathe();
    const item = source.at(position);
    if (item === null || !passes(listing, query, item)) continue;
    const key = [foldKey(listing.propertiesOf(item)[order.property]), position] as const;
    if (after === null || compareKeys(key, after, order) > 0) insert(best, { key, item }, query.top + 1, order);
  }
  const page = best.slice(0, query.top);
  const last = best.length > query.top ? page.at(-1) : undefined;
  return { items: page.map(({ item }) => item), next: last === undefined ? null : { after: last.key } };
}

/** Texts by their lower case; other values by how they are written. */
const foldKey = (value: Json | undefined): string =>
  typeof value === 'string' ? value.toLowerCase() : JSON.stringify(value ?? '');

function compareKeys(a: Key, b: Key, order: Order): number {
  const [x, y] = [a[0], b[0]];
  const byKey = x < y ? -1 : x > y ? 1 : a[1] - b[1];
  return order.descending ? -byKey : byKey;
}

function insert<T>(best: Keyed<T>[], candidate: Keyed<T>, limit: number, order: Order): void {
  const last = best.at(-1);
  if (best.length === limit && last !== undefined && compareKeys(candidate.key, last.key, order) > 0) return;
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = best[middle];
    if (other !== undefined && compareKeys(other.key, candidate.key, order) < 0) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, candidate);
  if (best.length > limit) best.pop();
}

function render<T>(listing: Listing<T>, query: ListQuery, item: T): JsonObject {
  const type = listing.typeOf(item);
  const mixed = listing.type.kind === 'directoryObject';
  const names = query.select?.filter((name) => !mixed || type.properties.has(name.toLowerCase())) ?? defaultNames(type);
  const projected = project(type, listing.propertiesOf(item), names);
  const manager = query.expandManager === null ? null : (listing.managerOf?.(item) ?? null);
  return {
    ...(mixed ? { '@odata.type': type.odataType } : {}),
    ...projected,
    ...(manager === null
      ? {}
      : { manager: { '@odata.type': '#microsoft.graph.user', ...pickManager(query, manager) } }),
  };
}

function pickManager(query: ListQuery, manager: JsonObject): JsonObject {
  return Object.fromEntries((query.expandManager ?? []).map((name) => [name, manager[name] ?? null]));
}
