// The rows of a delta round: an object (or its removal) and the members that go with it, by position.
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { defaultNames, entityType } from '../odata/properties.ts';
import { isMember, listSource, members, objects, type Source } from '../state/collections.ts';
import { managerOf, propertiesOf, refOf, stateOf, type Directory, type Ref } from '../state/directory.ts';
import type { Kind } from '../state/changes.ts';
import { touchedObjects, type Touched } from './touched.ts';
import type { Plan, Round } from './request.ts';

export interface Row {
  readonly object: JsonObject;
  readonly members: Source<JsonObject>;
}

const none = listSource<JsonObject>([]);

/** Rows of a round. `minimal` (Prefer: return=minimal) leaves out what did not change. */
export function rowsOf(directory: Directory, round: Round, minimal: boolean): Source<Row> {
  const { from, to } = round;
  const names = round.select ?? defaultNames(entityType(round.kind));
  if (from === null) return map(initialRefs(directory, round), (ref) => wholeRow(directory, round, names, ref));
  const touched = touchedObjects(directory.overlay.touches, round, from, to);
  return map(listSource(touched), (one) => changedRow(directory, round, one, { names, minimal }));
}

function map<A, B>(source: Source<A>, change: (item: A) => B | null): Source<B> {
  return {
    size: source.size,
    count: null,
    at(position) {
      const item = source.at(position);
      return item === null ? null : change(item);
    },
  };
}

function initialRefs(directory: Directory, { kind, ids }: Plan): Source<Ref> {
  if (ids === null) return objects(directory, kind);
  return map(listSource(ids), (id) => {
    const ref = refOf(directory, id);
    return ref?.kind === kind && stateOf(directory, ref.id) === 'live' ? ref : null;
  });
}

function wholeRow(directory: Directory, plan: Plan, names: readonly string[], ref: Ref): Row {
  const manager = plan.relations.includes('manager') ? managerOf(directory, ref) : null;
  return {
    object: {
      ...pick(directory, ref, names),
      ...(manager === null ? {} : { 'manager@delta': [reference('user', manager.id)] }),
    },
    members: plan.relations.includes('members')
      ? map(members(directory, ref), ({ kind, id }) => reference(kind, id))
      : none,
  };
}

/** Properties that were ever set; null = cleared. */
function pick(directory: Directory, ref: Ref, names: readonly string[]): JsonObject {
  const properties = propertiesOf(directory, ref);
  const picked: Record<string, Json> = { id: ref.id };
  for (const name of names) {
    const value = properties[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

const reference = (kind: Kind, id: string): JsonObject => ({ '@odata.type': entityType(kind).odataType, id });

interface Shape {
  readonly names: readonly string[];
  readonly minimal: boolean;
}

function changedRow(directory: Directory, plan: Plan, touched: Touched, { names, minimal }: Shape): Row | null {
  const ref = refOf(directory, touched.id);
  if (ref === null) return null;
  const state = stateOf(directory, ref.id);
  if (state !== 'live') {
    const reason = state === 'soft-deleted' ? 'changed' : 'deleted';
    return { object: { id: ref.id, '@removed': { reason } }, members: none };
  }
  if (touched.whole) return withLosses(directory, ref, wholeRow(directory, plan, names, ref), touched);
  const shown = minimal ? names.filter((name) => touched.names.has(name)) : names;
  const manager = touched.formerManager === undefined ? [] : managerChange(directory, ref, touched.formerManager);
  return {
    object: { ...pick(directory, ref, shown), ...(manager.length === 0 ? {} : { 'manager@delta': manager }) },
    members: map(listSource([...touched.members]), ([id, kind]) => memberChange(directory, ref, id, kind)),
  };
}

/** An object that came back shows all that it has, but also what it lost in the same span: readers may know it from before. */
function withLosses(directory: Directory, ref: Ref, { object, members: present }: Row, touched: Touched): Row {
  const lost = [...touched.members].flatMap(([id, kind]) => {
    const member = refOf(directory, id);
    return member === null || isMember(directory, ref, member) ? [] : [removed(kind, id)];
  });
  const manager = touched.formerManager === undefined ? [] : managerChange(directory, ref, touched.formerManager);
  return {
    object: manager.length === 0 ? object : { ...object, 'manager@delta': manager },
    members: {
      size: present.size + lost.length,
      count: null,
      at: (position) => (position < present.size ? present.at(position) : (lost[position - present.size] ?? null)),
    },
  };
}

function managerChange(directory: Directory, user: Ref, former: string | null): readonly JsonObject[] {
  const now = managerOf(directory, user)?.id ?? null;
  const removal = former === null || former === now ? [] : [removed('user', former)];
  return now === null ? removal : [...removal, reference('user', now)];
}

const removed = (kind: Kind, id: string): JsonObject => ({ ...reference(kind, id), '@removed': { reason: 'deleted' } });

/** A member that is itself deleted is left out: its own delta tells of it. */
function memberChange(directory: Directory, group: Ref, id: string, kind: Kind): JsonObject | null {
  const member = refOf(directory, id);
  if (member === null) return null;
  if (!isMember(directory, group, member)) return removed(kind, id);
  return stateOf(directory, id) === 'live' ? reference(kind, id) : null;
}
