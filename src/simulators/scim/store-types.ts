// What the application keeps and how it is asked for; store.ts holds it.
import type { Filter } from './filter.ts';
import type { MemberChange } from './memberships.ts';

export type Endpoint = 'Users' | 'Groups';

export interface Store {
  /** The resource as stored: without members and location, `meta` last. */
  text(endpoint: Endpoint, id: string): string | null;
  ids(endpoint: Endpoint): IterableIterator<string>;
  count(endpoint: Endpoint): number;
  put(endpoint: Endpoint, id: string, text: string): void;
  /** Also ends every membership of and in the resource. */
  remove(endpoint: Endpoint, id: string): void;
  members(groupId: string): ReadonlySet<string>;
  changeMembers(groupId: string, change: MemberChange): void;
  /** The only ids that can fulfil the filter; `null` when it names no indexed value. */
  candidates(endpoint: Endpoint, filter: Filter): readonly string[] | null;
  /** Ids with this value of an indexed attribute. */
  holders(endpoint: Endpoint, attribute: string, value: string): readonly string[];
  close(): void;
}
