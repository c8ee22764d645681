// The mirror of the directory: what the directory reader writes and the cycle reads.
import type { JsonObject } from './json.ts';
import type { AppRole, ObjectType } from './source-object.ts';

export const deltaResources = ['users', 'groups'] as const;
export type DeltaResource = (typeof deltaResources)[number];

/** Where the reader stands in one delta query. A link is stored only together with the page that it follows. */
export interface DeltaState {
  readonly resource: DeltaResource;
  /** Next link (round unfinished) or delta link (round complete), opaque; `null` = start a full round. */
  readonly link: string | null;
  readonly complete: boolean;
  /** `full` enumerates everything; `delta` only what changed. */
  readonly round: 'full' | 'delta';
  /** Grows with each full round; objects and memberships carry the generation that last saw them. */
  readonly generation: number;
  /** The `$select` that the link encodes; another selection needs a full round. */
  readonly selection: string;
}

export interface MirrorObject {
  readonly id: string;
  readonly type: ObjectType;
  /** Merged over what is there; a full round passes `null` for every selected property that was absent. */
  readonly attributes: JsonObject;
  /** `undefined` = not mentioned. */
  readonly managerId: string | null | undefined;
}
export interface MirrorTombstone {
  readonly id: string;
  readonly type: ObjectType;
  readonly presence: 'soft-deleted' | 'hard-deleted';
}
export interface MirrorMember {
  readonly memberId: string;
  readonly memberType: ObjectType | 'Other';
}
export interface MirrorMembership extends MirrorMember {
  readonly groupId: string;
  readonly present: boolean;
}
/** One delta page, written in one transaction with the state that follows it. Each id occurs once per list. */
export interface MirrorPage {
  readonly objects: readonly MirrorObject[];
  readonly tombstones: readonly MirrorTombstone[];
  readonly memberships: readonly MirrorMembership[];
  readonly state: DeltaState;
}

export interface MirrorAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly principalType: 'User' | 'Group' | 'ServicePrincipal';
  readonly appRoleId: string;
}
export interface MirrorServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly appRoles: readonly AppRole[];
}
/** The same as the directory shows it, with the application template that it was made from; `null` = none. */
export interface DirectoryServicePrincipal extends MirrorServicePrincipal {
  readonly applicationTemplateId: string | null;
}

/** Proof that a refresh read everything it set out to read; only such a refresh feeds a cycle. */
export interface RefreshCertificate {
  readonly tenantId: string;
  /** Mirror version after the refresh. */
  readonly version: number;
  readonly completedAt: Date;
  readonly requests: number;
}
