// The touches of a span of history, coalesced per object, in the order of each object's last touch.
import { defaultNames, entityType } from '../odata/properties.ts';
import type { Kind } from '../state/changes.ts';
import type { Touch } from '../state/overlay.ts';
import type { Plan } from './request.ts';

export interface Touched {
  readonly id: string;
  /** Appeared or vanished in the span: told as a whole. */
  whole: boolean;
  readonly names: Set<string>;
  readonly members: Map<string, Kind>;
  /** Manager before the span; undefined = the manager was not touched. */
  formerManager: string | null | undefined;
}

/** Pages of one round ask for the same span again and again; history never changes. */
const recent = new WeakMap<readonly Touch[], Map<string, readonly Touched[]>>();
const remembered = 4;

export function touchedObjects(touches: readonly Touch[], plan: Plan, from: number, to: number): readonly Touched[] {
  const { kind, select, relations, ids } = plan;
  const cache = recent.get(touches) ?? new Map<string, readonly Touched[]>();
  recent.set(touches, cache);
  const key = JSON.stringify([kind, select, relations, ids, from, to]);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = coalesce(touches, plan, from, to);
  const [oldest] = cache.keys();
  if (cache.size >= remembered && oldest !== undefined) cache.delete(oldest);
  cache.set(key, made);
  return made;
}

function coalesce(touches: readonly Touch[], plan: Plan, from: number, to: number): readonly Touched[] {
  const names = new Set(plan.select ?? defaultNames(entityType(plan.kind)));
  const wanted = plan.ids === null ? null : new Set(plan.ids);
  const objects = new Map<string, Touched>();
  for (let at = from; at < to; at += 1) {
    const touch = touches[at];
    if (touch?.kind !== plan.kind || wanted?.has(touch.id) === false || !isFollowed(touch, plan, names)) continue;
    const object = objects.get(touch.id) ?? fresh(touch.id);
    objects.delete(touch.id);
    objects.set(touch.id, object);
    absorb(object, touch);
  }
  return [...objects.values()];
}

const fresh = (id: string): Touched => ({
  id,
  whole: false,
  names: new Set(),
  members: new Map(),
  formerManager: undefined,
});

/** A change to what was not selected does not surface the object. */
function isFollowed(touch: Touch, plan: Plan, names: ReadonlySet<string>): boolean {
  switch (touch.what) {
    case 'appeared':
    case 'vanished':
      return true;
    case 'properties':
      return touch.names.some((name) => names.has(name));
    case 'member':
      return plan.relations.includes('members');
    case 'manager':
      return plan.relations.includes('manager');
  }
}

function absorb(object: Touched, touch: Touch): void {
  switch (touch.what) {
    case 'appeared':
    case 'vanished':
      object.whole = true;
      return;
    case 'properties':
      for (const name of touch.names) object.names.add(name);
      return;
    case 'member':
      object.members.delete(touch.member);
      object.members.set(touch.member, touch.memberKind);
      return;
    case 'manager':
      if (object.formerManager === undefined) object.formerManager = touch.was;
  }
}
