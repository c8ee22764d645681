// What can happen to the tenant by hand. A journal line is a list of these: one request, applied whole or not at all.
import type { JsonObject } from '../../../rules/model/json.ts';

export const kinds = ['user', 'group', 'application', 'servicePrincipal'] as const;
export type Kind = (typeof kinds)[number];

export const isKind = (value: unknown): value is Kind => kinds.some((kind) => kind === value);

export interface Assignment {
  readonly id: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly appRoleId: string;
  readonly createdDateTime: string;
}

export type Change =
  | { readonly op: 'create'; readonly kind: Kind; readonly id: string; readonly set: JsonObject }
  | { readonly op: 'update'; readonly kind: Kind; readonly id: string; readonly set: JsonObject }
  /** Soft delete, at a point in time. */
  | { readonly op: 'delete'; readonly kind: Kind; readonly id: string; readonly at: string }
  | { readonly op: 'restore'; readonly kind: Kind; readonly id: string }
  /** Hard delete. */
  | { readonly op: 'purge'; readonly kind: Kind; readonly id: string }
  | {
      readonly op: 'member';
      readonly group: string;
      readonly member: string;
      readonly kind: Kind;
      readonly present: boolean;
    }
  | { readonly op: 'manager'; readonly user: string; readonly manager: string | null; readonly was: string | null }
  | { readonly op: 'assign'; readonly assignment: Assignment }
  | { readonly op: 'unassign'; readonly id: string }
  /** All links handed out so far are expired. */
  | { readonly op: 'expireTokens' }
  /** The service lost its sync state: all delta links handed out so far are gone. */
  | { readonly op: 'resetGeneration' };
