// What the mirror of the directory knows of one user or group. Attributes carry Microsoft Graph's property names.
import type { JsonObject } from './json.ts';

export const objectTypes = ['User', 'Group'] as const;
/** Graph's `sourceObjectName`. */
export type ObjectType = (typeof objectTypes)[number];

/**
 * `soft-deleted` and `hard-deleted` need positive evidence: a tombstone in a delta answer, or a 404 of that very id.
 * An object that a read merely did not mention stays `live`.
 */
export const presences = ['live', 'soft-deleted', 'hard-deleted'] as const;
export type Presence = (typeof presences)[number];

export interface SourceObject {
  readonly id: string;
  readonly type: ObjectType;
  readonly presence: Presence;
  /** Graph property → value, exactly as read (`null` = cleared, absent = never set). */
  readonly attributes: JsonObject;
  /** Source id of the manager; `null` when there is none. */
  readonly managerId: string | null;
  /** Position in the mirror: grows with every change of this object. */
  readonly version: number;
}

/** One app role that reaches an object, by its own assignment or as a member of an assigned group. */
export interface Entitlement {
  readonly appRoleId: string;
  readonly via: 'direct' | 'group';
  /** The assigned group when `via` is `group`. */
  readonly groupId: string | null;
  /** Its display name, for the log. */
  readonly groupName?: string | null;
  /** The nested group that the object is in, when it is no direct member of the assigned one. */
  readonly through?: { readonly id: string; readonly name: string | null };
}

/** Graph's `appRole` of a service principal, as far as provisioning needs it. */
export interface AppRole {
  readonly id: string;
  readonly value: string | null;
  readonly displayName: string;
  readonly isEnabled: boolean;
}
