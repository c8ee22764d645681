// What was changed by hand, on top of the generated tenant: memory for changed objects only. It is rebuilt from the journal;
// `applyChange` is the only writer. `touches` is the history that delta queries read: position = number of touches before.
import type { JsonObject } from '../../../rules/model/json.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Assignment, Change, Kind } from './changes.ts';
import { createSlots, type Slots } from './slots.ts';

export interface Entry {
  readonly kind: Kind;
  readonly id: string;
  /** Index of the generated object underneath; null for an object created by hand. */
  readonly index: number | null;
  set: JsonObject;
  state: 'live' | 'soft-deleted' | 'hard-deleted';
  deletedAt: string | null;
  /** undefined = the generated manager. */
  manager: string | null | undefined;
}

export type Touch =
  | { readonly what: 'appeared' | 'vanished'; readonly kind: Kind; readonly id: string }
  | { readonly what: 'properties'; readonly kind: Kind; readonly id: string; readonly names: readonly string[] }
  | {
      readonly what: 'member';
      readonly kind: 'group';
      readonly id: string;
      readonly member: string;
      readonly memberKind: Kind;
    }
  | { readonly what: 'manager'; readonly kind: 'user'; readonly id: string; readonly was: string | null };

export interface GroupMembers {
  readonly added: Slots;
  /** Generated members that were taken out. */
  readonly removed: Set<string>;
}

export interface Overlay {
  readonly entries: Map<string, Entry>;
  /** Objects created by hand, in order; hard-deleted ones stay as positions. */
  readonly created: Readonly<Record<Kind, string[]>>;
  readonly deleted: Readonly<Record<Kind, Slots>>;
  /** Live objects minus generated objects. */
  readonly balance: Record<Kind, number>;
  readonly members: Map<string, GroupMembers>;
  /** Lower-case userPrincipalName → id, of live users that were created or renamed by hand. */
  readonly userNames: Map<string, string>;
  readonly assignments: Map<string, Assignment>;
  readonly assignmentsOf: Map<string, Slots>;
  readonly touches: Touch[];
  epoch: number;
  generation: number;
}

const perKind = <T>(make: () => T): Record<Kind, T> => ({
  user: make(),
  group: make(),
  application: make(),
  servicePrincipal: make(),
});

export const createOverlay = (): Overlay => ({
  entries: new Map(),
  created: perKind<string[]>(() => []),
  deleted: perKind(createSlots),
  balance: perKind(() => 0),
  members: new Map(),
  userNames: new Map(),
  assignments: new Map(),
  assignmentsOf: new Map(),
  touches: [],
  epoch: 0,
  generation: 0,
});

/** Applies a change that has already been checked. */
export function applyChange(overlay: Overlay, tenant: Tenant, change: Change): void {
  switch (change.op) {
    case 'create':
    case 'update':
    case 'delete':
    case 'restore':
    case 'purge':
      applyToObject(overlay, tenant, change);
      return;
    case 'member':
      applyMember(overlay, tenant, change);
      return;
    case 'manager':
      entryOf(overlay, tenant, 'user', change.user).manager = change.manager;
      overlay.touches.push({ what: 'manager', kind: 'user', id: change.user, was: change.was });
      return;
    case 'assign':
      overlay.assignments.set(change.assignment.id, change.assignment);
      slotsOf(overlay, change.assignment.resourceId).add(change.assignment.id);
      slotsOf(overlay, change.assignment.principalId).add(change.assignment.id);
      return;
    case 'unassign':
      unassign(overlay, change.id);
      return;
    case 'expireTokens':
      overlay.epoch += 1;
      return;
    case 'resetGeneration':
      overlay.generation += 1;
  }
}

type ObjectChange = Extract<Change, { readonly op: 'create' | 'update' | 'delete' | 'restore' | 'purge' }>;

function applyToObject(overlay: Overlay, tenant: Tenant, change: ObjectChange): void {
  const { kind, id } = change;
  if (change.op === 'create') overlay.created[kind].push(id);
  const entry = entryOf(overlay, tenant, kind, id);
  overlay.balance[kind] -= change.op !== 'create' && entry.state === 'live' ? 1 : 0;
  dropUserName(overlay, entry);
  switch (change.op) {
    case 'create':
    case 'update':
      entry.set = { ...entry.set, ...change.set };
      break;
    case 'delete':
      entry.state = 'soft-deleted';
      entry.deletedAt = change.at;
      overlay.deleted[kind].add(id);
      break;
    case 'restore':
    case 'purge':
      entry.state = change.op === 'restore' ? 'live' : 'hard-deleted';
      entry.deletedAt = null;
      overlay.deleted[kind].delete(id);
  }
  overlay.balance[kind] += entry.state === 'live' ? 1 : 0;
  if (entry.state === 'hard-deleted') forget(overlay, entry);
  indexUserName(overlay, entry);
  overlay.touches.push(touchOf(change));
}

function touchOf(change: ObjectChange): Touch {
  const { kind, id } = change;
  if (change.op === 'update') return { what: 'properties', kind, id, names: Object.keys(change.set) };
  return { what: change.op === 'create' || change.op === 'restore' ? 'appeared' : 'vanished', kind, id };
}

/** A hard-deleted object keeps its entry as a tombstone only. */
function forget(overlay: Overlay, entry: Entry): void {
  entry.set = {};
  entry.manager = null;
  overlay.members.delete(entry.id);
  const slots = overlay.assignmentsOf.get(entry.id);
  for (let i = 0; slots !== undefined && i < slots.size; i += 1) unassign(overlay, slots.at(i) ?? '');
  overlay.assignmentsOf.delete(entry.id);
}

function applyMember(overlay: Overlay, tenant: Tenant, change: Extract<Change, { readonly op: 'member' }>): void {
  const members = overlay.members.get(change.group) ?? { added: createSlots(), removed: new Set<string>() };
  overlay.members.set(change.group, members);
  entryOf(overlay, tenant, 'group', change.group);
  if (change.present && !members.removed.delete(change.member)) members.added.add(change.member);
  if (!change.present && !members.added.delete(change.member)) members.removed.add(change.member);
  overlay.touches.push({
    what: 'member',
    kind: 'group',
    id: change.group,
    member: change.member,
    memberKind: change.kind,
  });
}

function entryOf(overlay: Overlay, tenant: Tenant, kind: Kind, id: string): Entry {
  const existing = overlay.entries.get(id);
  if (existing !== undefined) return existing;
  const decoded = tenant.ids.decode(id);
  const index = decoded?.kind === kind ? decoded.index : null;
  const entry: Entry = { kind, id, index, set: {}, state: 'live', deletedAt: null, manager: undefined };
  overlay.entries.set(id, entry);
  return entry;
}

function slotsOf(overlay: Overlay, id: string): Slots {
  const slots = overlay.assignmentsOf.get(id) ?? createSlots();
  overlay.assignmentsOf.set(id, slots);
  return slots;
}

function unassign(overlay: Overlay, id: string): void {
  const assignment = overlay.assignments.get(id);
  if (assignment === undefined) return;
  overlay.assignments.delete(id);
  overlay.assignmentsOf.get(assignment.resourceId)?.delete(id);
  overlay.assignmentsOf.get(assignment.principalId)?.delete(id);
}

function dropUserName(overlay: Overlay, entry: Entry): void {
  const name = userNameOf(entry);
  if (name !== null && overlay.userNames.get(name) === entry.id) overlay.userNames.delete(name);
}

function indexUserName(overlay: Overlay, entry: Entry): void {
  const name = userNameOf(entry);
  if (name !== null && entry.state === 'live') overlay.userNames.set(name, entry.id);
}

function userNameOf(entry: Entry): string | null {
  const name = entry.set['userPrincipalName'];
  return typeof name === 'string' ? name.toLowerCase() : null;
}
