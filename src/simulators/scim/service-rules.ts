// In what simulated services differ: where they answer, what they keep, what they filter by, and what they refuse.
import type { JsonObject } from '../../rules/model/json.ts';
import type { ResourceSchema } from './attribute.ts';
import type { ScimFaults } from './faults.ts';
import { groupSchema, userSchema } from './schemas.ts';

export interface ServiceState {
  readonly users: readonly JsonObject[];
  readonly groups: readonly JsonObject[];
}

/** An operation that the service does not have. */
export interface Refusal {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly type: ResourceSchema['type'];
  /** `collection` is /Users, `resource` is /Users/{id}. */
  readonly at: 'collection' | 'resource';
  readonly status: number;
  readonly detail: string;
}

export interface ServiceRules {
  readonly name: string;
  /** Path of the tenant URL, without a slash at its end. */
  readonly basePath: string;
  /** Types that are not here have no endpoint. */
  readonly resources: readonly ResourceSchema[];
  /** Paths that a filter may compare; a type that is absent is filtered by anything. */
  readonly filterable: Partial<Readonly<Record<ResourceSchema['type'], readonly string[]>>>;
  readonly refused: readonly Refusal[];
  /** Laid over the usual ones. */
  readonly limits: Partial<ScimFaults>;
  /** The accounts in the service's own words, shown beside users and groups. */
  readonly show?: (state: ServiceState) => JsonObject;
}

/** A careful server of RFC 7643 and 7644 without peculiarities. */
export const genericService: ServiceRules = {
  name: 'generic',
  basePath: '/scim',
  resources: [userSchema, groupSchema],
  filterable: {},
  refused: [],
  limits: {},
};
