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

/** A change in the RFC's own form; the dialect of the target gives it its shape on the wire. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: string;
  readonly value?: Json;
  /** What selects the one element that this operation adds as a whole; never sent. */
  readonly selects?: { readonly attribute: string; readonly value: string | number | boolean };
}

export const dialectNames = ['rfc', 'entra', 'entra-062020'] as const;
/** `rfc`: strict RFC 7644; `entra`: what Entra sends by default; `entra-062020`: what it sends with `?aadOptscim062020`. */
export type DialectName = (typeof dialectNames)[number];

/** How a target differs from the RFC: data, never an `if (vendor)`. */
export interface Dialect {
  readonly name: DialectName;
  readonly contentType: string;
  /** Queries: blanks as `%20`, or form-style as `+`. */
  readonly queryEncoding: 'percent' | 'form';
  readonly create: CreateShape;
  /** `replace`, or `Replace` as Entra spells it. */
  readonly opCase: 'lower' | 'capital';
  /** Booleans in PATCH values and in filters of paths: `false`, or the text `"False"`. */
  readonly booleans: 'json' | 'text';
  readonly pathBooleans: 'json' | 'text';
  /** Simple attributes in a PATCH: `path`: one operation each; `grouped`: several in one without a path, keys flattened;
   * `pathless`: so too when there is only one. */
  readonly patchForm: 'path' | 'grouped' | 'pathless';
  /** A typed element that is missing: added as a whole, or by the filtered paths of its sub-attributes. */
  readonly elementForm: 'whole' | 'path';
  /** Complex roles in a PATCH: as they are, or each as a text of JSON in `value`. */
  readonly roles: 'objects' | 'text';
  /** How an existing resource is changed; `put` reads it first and sends it whole. */
  readonly update: Readonly<Record<ResourceType, 'patch' | 'put'>>;
  readonly operationsPerPatch: number;
  /** Members added or removed in one PATCH; 100 is what the strictest known servers take. */
  readonly membersPerPatch: number;
  /** `filter`: `members[value eq "id"]`, one operation each; `value`: `members` with the ids as value. Never neither. */
  readonly memberRemoval: 'filter' | 'value';
  /** `change`: additions and removals; `replace`: the whole list of members in one write, after it was read. */
  readonly memberWrite: 'change' | 'replace';
  /** False: a GET of a group leaves its members out, so that an empty answer says nothing. */
  readonly membersReadable: boolean;
  /** What stands beside `value` in members and in lists of managers. */
  readonly reference: 'value-only' | 'null-ref' | 'ref';
  /** `{"value": id}`, the bare id, or a list of one. */
  readonly managerForm: 'object' | 'text' | 'list';
  /** Attribute paths that the target can filter by; `null` = any. */
  readonly filterable: Readonly<Record<ResourceType, readonly string[] | null>>;
  readonly creates: Readonly<Record<ResourceType, boolean>>;
  /** False: a changed displayName of a group is never sent, and says so in the log. */
  readonly renamesGroups: boolean;
  /** False: an account is deleted where it would be disabled. */
  readonly softDelete: boolean;
  /** Writes carry If-Match with the version that was read. */
  readonly conditionalWrites: boolean;
  readonly paging: 'index' | 'cursor' | 'none';
  /** Resources asked for per page of a listing. */
  readonly pageSize: number;
  /** RFC 7644 §3.7, where the target offers it. */
  readonly bulk: BulkLimits | null;
  /** What the target says of itself: it decides what is tried first after a refusal or by a probe, never what is sent at first. */
  readonly claims: Claims;
}
export interface BulkLimits {
  readonly maxOperations: number;
  readonly maxPayloadBytes: number;
}
export interface Claims {
  readonly bulk: BulkLimits | null;
  readonly etag: boolean;
  readonly groups: boolean;
  readonly patch: boolean;
}

/** What a target says of itself (RFC 7644 §4); `null` where it has no such document. */
export interface SelfDescription {
  readonly config: JsonObject | null;
  readonly resourceTypes: readonly JsonObject[] | null;
  readonly schemas: readonly JsonObject[] | null;
}

/** What the body of a create holds beside the mapped attributes. */
export interface CreateShape {
  /** `meta.resourceType`. */
  readonly meta: boolean;
  /** Extensions named in `schemas`: those that are used, or always the same ones and no other. */
  readonly extensions: 'used' | Readonly<Record<ResourceType, readonly string[]>>;
  /** `roles: []` where no role is mapped, and Entra's type in roles without one. */
  readonly roles: 'mapped' | 'always';
  /** `primary: true` in the work e-mail. */
  readonly primaryEmail: boolean;
}

export const rfcDialect: Dialect = {
  name: 'rfc',
  contentType: 'application/scim+json',
  queryEncoding: 'percent',
  create: { meta: false, extensions: 'used', roles: 'mapped', primaryEmail: false },
  opCase: 'lower',
  booleans: 'json',
  pathBooleans: 'json',
  patchForm: 'path',
  elementForm: 'whole',
  roles: 'objects',
  update: { User: 'patch', Group: 'patch' },
  operationsPerPatch: 100,
  membersPerPatch: 100,
  memberRemoval: 'filter',
  memberWrite: 'change',
  membersReadable: true,
  reference: 'value-only',
  managerForm: 'object',
  filterable: { User: null, Group: null },
  creates: { User: true, Group: true },
  renamesGroups: true,
  softDelete: true,
  conditionalWrites: false,
  paging: 'index',
  pageSize: 100,
  bulk: null,
  claims: { bulk: null, etag: false, groups: true, patch: true },
};

/** What a template or an administrator says about a target, and what was found out by asking it. */
export interface JobDialect {
  /** `null`: the tenant URL decides, else `rfc`. */
  readonly name: DialectName | null;
  readonly knobs: DialectKnobs;
  /** Forgotten when the application or the dialect is exchanged. */
  readonly found: DialectKnobs;
  /** Forms that were seen to take effect, so that they are not read back again. */
  readonly proven: readonly string[];
}
export type DialectKnobs = Partial<Omit<Dialect, 'name'>>;
export const noDialect: JobDialect = { name: null, knobs: {}, found: {}, proven: [] };

/** Where and how to reach a target. Token, secret, key and passphrase are never logged. */
export interface TargetConnection {
  readonly baseAddress: string;
  readonly token: string | null;
  /** Takes the place of `token`. */
  readonly oauth?: ClientCredentials | null;
  readonly tls?: TlsIdentity | null;
}

/** OAuth 2 client credentials (RFC 6749 §4.4). */
export interface ClientCredentials {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | null;
  /** Where the token endpoint wants them; `null` = it is tried out. */
  readonly sentIn: 'header' | 'body' | null;
}

/** All in PEM. Certificate and key come together; authorities are trusted beside the public ones. */
export interface TlsIdentity {
  readonly certificate: string | null;
  readonly key: string | null;
  readonly passphrase: string | null;
  readonly authorities: string | null;
}
