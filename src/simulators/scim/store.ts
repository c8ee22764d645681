// The resources of the application: one JSON text each (small in memory, quick to answer), indexes for the usual
// look-ups, memberships as sets in both directions, and a journal of every change.
import type { JsonObject } from '../../rules/model/json.ts';
import { candidates } from './candidates.ts';
import type { Journal } from './journal.ts';
import { noJournal, openJournal, readJournal } from './journal.ts';
import type { Memberships } from './memberships.ts';
import { createMemberships } from './memberships.ts';
import { isList, isObject } from './normalise.ts';
import { dump, replay } from './store-journal.ts';
import type { Endpoint, Store } from './store-types.ts';
import type { ValueIndex } from './value-index.ts';
import { createValueIndex } from './value-index.ts';

interface Shelf {
  readonly texts: Map<string, string>;
  readonly indexes: ReadonlyMap<string, ValueIndex>;
}

const shelf = (indexed: Readonly<Record<string, boolean>>): Shelf => ({
  texts: new Map(),
  indexes: new Map(Object.entries(indexed).map(([path, caseExact]) => [path, createValueIndex(caseExact)])),
});

export function openStore(file: string | null): Store {
  const memberships = createMemberships();
  const shelves: Record<Endpoint, Shelf> = {
    Users: shelf({ userName: false, externalId: true, displayName: false, 'emails.value': false }),
    Groups: shelf({ displayName: false, externalId: true }),
  };
  let journal: Journal = noJournal;
  const store: Store = {
    put(endpoint, id, text) {
      shelve(shelves[endpoint], id, text);
      journal.append(`["put","${endpoint}",${text}]`);
    },
    remove(endpoint, id) {
      unshelve(shelves[endpoint], id);
      memberships.forget(id);
      journal.append(JSON.stringify(['remove', endpoint, id]));
    },
    changeMembers(groupId, change) {
      memberships.change(groupId, change);
      journal.append(JSON.stringify(['members', groupId, change.cleared, [...change.added], [...change.removed]]));
    },
    text: (endpoint, id) => shelves[endpoint].texts.get(id) ?? null,
    ids: (endpoint) => shelves[endpoint].texts.keys(),
    count: (endpoint) => shelves[endpoint].texts.size,
    members: (groupId) => memberships.membersOf(groupId),
    holders: (endpoint, attribute, value) => shelves[endpoint].indexes.get(attribute)?.get(value) ?? [],
    candidates: (endpoint, filter) =>
      candidates(filter, (path, value) => lookUp(shelves[endpoint], memberships, path, value)),
    close: () => journal.close(),
  };
  if (file !== null) {
    for (const entry of readJournal(file)) replay(store, entry);
    journal = openJournal(file, dump(store));
  }
  return store;
}

function shelve(on: Shelf, id: string, text: string): void {
  unindex(on, id);
  on.texts.set(id, text);
  for (const [path, value] of indexedValues(on.indexes, text)) on.indexes.get(path)?.add(value, id);
}

function unshelve(from: Shelf, id: string): void {
  unindex(from, id);
  from.texts.delete(id);
}

function unindex({ texts, indexes }: Shelf, id: string): void {
  const before = texts.get(id);
  if (before === undefined) return;
  for (const [path, value] of indexedValues(indexes, before)) indexes.get(path)?.remove(value, id);
}

function indexedValues(indexes: Shelf['indexes'], text: string): readonly (readonly [string, string])[] {
  const resource = JSON.parse(text) as JsonObject;
  return [...indexes.keys()].flatMap((path) => textsAt(resource, path).map((value) => [path, value] as const));
}

function textsAt(resource: JsonObject, path: string): readonly string[] {
  const [attribute = '', sub] = path.split('.');
  const value = resource[attribute];
  const found =
    sub === undefined ? [value] : isList(value) ? value.map((each) => (isObject(each) ? each[sub] : undefined)) : [];
  return found.filter((each) => typeof each === 'string');
}

function lookUp(on: Shelf, memberships: Memberships, path: string, value: string): readonly string[] | null {
  if (path === 'id') return on.texts.has(value) ? [value] : [];
  if (path === 'members.value') return [...memberships.groupsOf(value)];
  return on.indexes.get(path)?.get(value) ?? null;
}
