// The tenant as it stands: generated objects with the overlay on top. Reads compute, writes go through `commit`.
import type { JsonObject } from '../../../rules/model/json.ts';
import { groupAt } from '../tenant/groups.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { managerIndex, userAt, userIndexByName } from '../tenant/users.ts';
import { textOf } from '../text.ts';
import type { Change, Kind } from './changes.ts';
import { openJournal } from './journal.ts';
import { applyChange, createOverlay, type Overlay } from './overlay.ts';

export interface Directory {
  readonly tenant: Tenant;
  readonly overlay: Overlay;
  /** Writes one request's changes to the journal, then applies them. */
  commit(changes: readonly Change[]): void;
  close(): void;
}

/** Where an object is found; says nothing about whether it is live. */
export interface Ref {
  readonly kind: Kind;
  readonly id: string;
  readonly index: number | null;
}

export function openDirectory(tenant: Tenant, journalPath: string): Directory {
  const overlay = createOverlay();
  const journal = openJournal(journalPath, (change) => applyChange(overlay, tenant, change));
  return {
    tenant,
    overlay,
    commit(changes) {
      if (changes.length === 0) return;
      journal.append(changes);
      for (const change of changes) applyChange(overlay, tenant, change);
    },
    close: () => journal.close(),
  };
}

export const userRef = ({ tenant }: Directory, index: number): Ref => ({
  kind: 'user',
  id: tenant.ids.encode('user', index),
  index,
});
export const groupRef = ({ tenant }: Directory, index: number): Ref => ({
  kind: 'group',
  id: tenant.ids.encode('group', index),
  index,
});

/** Object of this id, whatever its state; null when there never was one. */
export function refOf(directory: Directory, id: string): Ref | null {
  const key = id.toLowerCase();
  const entry = directory.overlay.entries.get(key);
  if (entry !== undefined) return entry;
  const decoded = directory.tenant.ids.decode(key);
  if (decoded?.kind === 'user' && decoded.index < directory.tenant.users) return userRef(directory, decoded.index);
  if (decoded?.kind === 'group' && decoded.index < directory.tenant.groups) return groupRef(directory, decoded.index);
  return null;
}

export const stateOf = ({ overlay }: Directory, id: string): 'live' | 'soft-deleted' | 'hard-deleted' =>
  overlay.entries.get(id)?.state ?? 'live';

export function liveRef(directory: Directory, id: string): Ref | null {
  const ref = refOf(directory, id);
  return ref !== null && stateOf(directory, ref.id) === 'live' ? ref : null;
}

/** All properties of an object that were ever set; null = cleared. */
export function propertiesOf({ tenant, overlay }: Directory, ref: Ref): JsonObject {
  const entry = overlay.entries.get(ref.id);
  const base = ref.index === null ? null : generated(tenant, ref.kind, ref.index);
  if (entry === undefined) return base ?? {};
  const properties = { ...base, ...entry.set };
  return entry.state === 'soft-deleted' ? asDeleted(ref, properties, entry.deletedAt) : properties;
}

const generated = (tenant: Tenant, kind: Kind, index: number): JsonObject =>
  kind === 'user' ? userAt(tenant, index) : groupAt(tenant, index);

/** The name of a deleted user is free for others: its own gets the object id as a prefix. */
function asDeleted({ kind, id }: Ref, properties: JsonObject, deletedAt: string | null): JsonObject {
  const deleted = { ...properties, deletedDateTime: deletedAt };
  const name = properties['userPrincipalName'];
  return kind === 'user' && typeof name === 'string'
    ? { ...deleted, userPrincipalName: `${id.replaceAll('-', '')}${name}` }
    : deleted;
}

/** Live user with this userPrincipalName. */
export function userByName(directory: Directory, name: string): Ref | null {
  const byHand = directory.overlay.userNames.get(name.toLowerCase());
  if (byHand !== undefined) return refOf(directory, byHand);
  return generatedByName(directory, name, 'userPrincipalName');
}

/** Live users whose mail is this address. */
export function usersByMail(directory: Directory, mail: string): readonly Ref[] {
  const untouched = generatedByName(directory, mail, 'mail');
  const touched = [...directory.overlay.entries.values()].filter(
    (entry) =>
      entry.kind === 'user' &&
      entry.state === 'live' &&
      entry.id !== untouched?.id &&
      textOf(propertiesOf(directory, entry)['mail']).toLowerCase() === mail.toLowerCase(),
  );
  return untouched === null ? touched : [untouched, ...touched];
}

function generatedByName(directory: Directory, name: string, property: 'userPrincipalName' | 'mail'): Ref | null {
  const index = userIndexByName(directory.tenant, name, property);
  if (index === null) return null;
  const ref = userRef(directory, index);
  if (stateOf(directory, ref.id) !== 'live') return null;
  const current = propertiesOf(directory, ref)[property];
  return typeof current === 'string' && current.toLowerCase() === name.toLowerCase() ? ref : null;
}

/** Live manager of a user. */
export function managerOf(directory: Directory, user: Ref): Ref | null {
  const id = managerIdOf(directory, user);
  return id === null ? null : liveRef(directory, id);
}

/** Whom a user was given as manager, also when that one is deleted now. */
export function managerIdOf(directory: Directory, user: Ref): string | null {
  const byHand = directory.overlay.entries.get(user.id)?.manager;
  if (byHand !== undefined) return byHand;
  if (user.kind !== 'user' || user.index === null) return null;
  const index = managerIndex(directory.tenant, user.index);
  return index === null ? null : userRef(directory, index).id;
}
