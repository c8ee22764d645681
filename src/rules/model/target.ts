// The target side: SCIM resources, links to them, and what a dialect may differ in.
import type { Json, JsonObject } from './json.ts';
import type { ObjectType } from './source-object.ts';

/** A SCIM resource as the server returned it; `id` is opaque. */
export interface TargetResource {
  readonly id: string;
  readonly attributes: JsonObject;
}

/** SCIM resource type; the endpoint is `/Users` or `/Groups`. */
export type ResourceType = 'User' | 'Group';

/**
 * The stored pair of a source object and its account (Graph calls it object connection, the engine's
 * connector data store). Objects without a link are never touched.
 */
export interface Link {
  readonly jobId: string;
  readonly sourceId: string;
  readonly type: ObjectType;
  readonly targetId: string;
  readonly displayName: string;
  /** Target path → value, as last written or observed. A manager is here under its path, as a target id. */
  readonly known: KnownAttributes;
  /** `disabled` after the engine disabled the account because its source left scope. */
  readonly state: 'active' | 'disabled';
  readonly createdAt: Date;
}
export type KnownAttributes = Readonly<Record<string, Json>>;

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: string;
  readonly value?: Json;
}

/** How a target differs from the RFC: data, never an `if (vendor)`. */
export interface Dialect {
  readonly name: string;
  /** Members added or removed in one PATCH; 100 is what the strictest known servers take. */
  readonly membersPerPatch: number;
  readonly contentType: string;
}
export const rfcDialect: Dialect = { name: 'rfc', membersPerPatch: 100, contentType: 'application/scim+json' };

/** Where and how to reach a target. `token` is a secret: it is never logged. */
export interface TargetConnection {
  readonly baseAddress: string;
  readonly token: string | null;
}
