// System query options of a list or a single object, checked against the type they are for.
import { isEventual, type Call, type World } from '../http/call.ts';
import { badRequest, GraphError, noSuchProperty, unsupportedQuery } from '../http/errors.ts';
import { checkFilter } from './filter.ts';
import { parseFilter, type Filter } from './filter-parser.ts';
import { entityType, propertyOf, type EntityType } from './properties.ts';

export interface Order {
  readonly property: string;
  readonly descending: boolean;
}
export interface ListQuery {
  /** null = default properties. */
  readonly select: readonly string[] | null;
  readonly top: number;
  readonly filter: Filter | null;
  readonly order: Order | null;
  /** Lower-case text that displayName has a word starting with. */
  readonly search: string | null;
  readonly count: boolean;
  /** Properties of the expanded manager; null = not expanded. */
  readonly expandManager: readonly string[] | null;
}

const maximumTop = 999;
const defaultTop = 100;
/** Properties that live outside the directory store. */
const elsewhere = [
  'aboutme',
  'birthday',
  'hiredate',
  'interests',
  'mailboxsettings',
  'mysite',
  'pastprojects',
  'preferredname',
  'responsibilities',
  'schools',
  'skills',
];

/** Reads the options of a collection; throws GraphError for what Graph refuses. */
export function readListQuery(world: World, call: Call, type: EntityType): ListQuery {
  const { query } = call;
  if (query.has('$skip')) throw badRequest("'$skip' is not supported by the service.");
  if (query.has('$deltatoken')) throw badRequest("'$deltatoken' is only supported on delta.");
  const advanced = isEventual(call) && query.get('$count')?.toLowerCase() === 'true';
  const order = readOrder(query.get('$orderby'), type, advanced);
  const filter = readFilter(call, type, advanced);
  if (order !== null && filter !== null && !advanced)
    throw unsupportedQuery(
      "Sorting not supported for current query without the 'ConsistencyLevel:eventual' header and '$count=true'.",
    );
  const expandManager = readExpand(query.get('$expand'), type);
  if (expandManager !== null && advanced)
    throw unsupportedQuery("'$expand' is not supported with 'ConsistencyLevel:eventual'.");
  return {
    select: readSelect(query.get('$select'), type),
    top: readTop(query.get('$top'), world.faults.current.pageSize),
    filter,
    order,
    search: readSearch(call),
    count: advanced,
    expandManager,
  };
}

/** `$select` as names in their own spelling. */
export function readSelect(text: string | undefined, type: EntityType): readonly string[] | null {
  if (text === undefined || text.trim() === '' || text.trim() === '*') return null;
  const names = text.split(',').map((name) => name.trim().split('/')[0] ?? '');
  return [...new Set(names.map((name) => known(name, type)))];
}

function known(name: string, type: EntityType): string {
  if (type.kind === 'user' && elsewhere.includes(name.toLowerCase()))
    throw new GraphError(501, 'NotImplemented', `The property '${name}' is not kept by this directory.`);
  const property = propertyOf(type, name);
  if (property === null) throw noSuchProperty(name, type.odataType);
  return property.name;
}

export function readFilter(call: Call, type: EntityType, advanced: boolean): Filter | null {
  const text = call.query.get('$filter');
  if (text === undefined) return null;
  const filter = parseFilter(text);
  checkFilter(filter, type, advanced);
  return filter;
}

function readTop(text: string | undefined, pageSize: number | null): number {
  const limit = pageSize ?? maximumTop;
  if (text === undefined) return Math.min(defaultTop, limit);
  const top = Number(text);
  if (!Number.isInteger(top) || top < 1 || top > maximumTop)
    throw badRequest(`Invalid page size specified: '${text}'. Must be between 1 and ${String(maximumTop)} inclusive.`);
  return Math.min(top, limit);
}

function readOrder(text: string | undefined, type: EntityType, advanced: boolean): Order | null {
  if (text === undefined) return null;
  const [, name = '', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? [];
  if (name === '') throw unsupportedQuery(`'$orderby=${text}' is not supported: name one property.`);
  const property = known(name, type);
  const plain = property === 'displayName' || (type.kind === 'user' && property === 'userPrincipalName');
  if (!plain && !advanced)
    throw unsupportedQuery(`Sorting by '${property}' needs 'ConsistencyLevel:eventual' and '$count=true'.`);
  return { property, descending: direction.toLowerCase() === 'desc' };
}

export function readSearch(call: Call): string | null {
  const text = call.query.get('$search');
  if (text === undefined) return null;
  if (!isEventual(call))
    throw badRequest(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  const wanted = /^"displayName:(.+)"$/i.exec(text.trim())?.[1];
  if (wanted === undefined)
    throw badRequest(`Syntax error in '$search=${text}': only "displayName:text" is supported.`);
  return wanted.toLowerCase();
}

/** `manager` or `manager($select=a,b)` on users. */
export function readExpand(text: string | undefined, type: EntityType): readonly string[] | null {
  if (text === undefined) return null;
  const [whole, inner] = /^manager(?:\(\$select=([\w,\s]+)\))?$/i.exec(text.trim()) ?? [];
  if (whole === undefined || type.kind !== 'user')
    throw badRequest(`'$expand=${text}' is not supported on '${type.set}'.`);
  const user = entityType('user');
  return readSelect(inner, user) ?? [...user.properties.values()].filter((p) => p.byDefault).map((p) => p.name);
}
