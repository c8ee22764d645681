// The value of a source attribute, under the name mappings and filters know it by.
import { listOf } from '../expressions/values.ts';
import type { RoleValue, Value } from '../expressions/values.ts';
import type { Json } from '../model/json.ts';
import { sourceAttribute } from '../model/source-attributes.ts';
import type { AppRole, SourceObject } from '../model/source-object.ts';
import { isJsonObject } from '../scim/read-path.ts';

/** What the engine knows of an object beside its attributes. */
export interface SourceFacts {
  /** Out of scope for whatever reason: unassigned, filtered out, disabled or deleted. */
  readonly softDeleted: boolean;
  /** The app roles that the object holds. */
  readonly roles: readonly AppRole[];
}

/** `null` for an attribute without a value. */
export function sourceValue(object: SourceObject, name: string, facts: SourceFacts): Value {
  switch (name) {
    case 'IsSoftDeleted':
      return facts.softDeleted;
    case 'appRoleAssignments':
      return facts.roles.map(({ id, value, displayName }): RoleValue => ({ id, value, displayName }));
    case 'manager':
      return object.managerId;
    case 'userPrincipalName': {
      const stored = object.attributes['userPrincipalName'];
      return typeof stored === 'string' ? restoredGuestName(stored) : null;
    }
    default:
      return mirrored(object, name);
  }
}

function mirrored(object: SourceObject, name: string): Value {
  const attribute = sourceAttribute(object.type, name);
  if (attribute?.property == null) return null;
  if (attribute.property === 'id') return object.id;
  const start: Json | undefined = object.attributes[attribute.property];
  const found = (attribute.path ?? []).reduce<Json | undefined>(
    (value, step) => (isJsonObject(value) ? value[step] : undefined),
    start,
  );
  const value = valueOf(found);
  return attribute.first === true ? (listOf(value)[0] ?? null) : value;
}

/** The directory said how it stands with this attribute; what was never read is not known to be empty. */
export function isRead({ type, attributes }: SourceObject, name: string): boolean {
  const property = sourceAttribute(type, name)?.property;
  return property === null || property === 'id' || (property !== undefined && Object.hasOwn(attributes, property));
}

/** Graph's objects have no meaning as a value; only their parts are mapped. */
function valueOf(json: Json | undefined): Value {
  if (json === undefined || json === null) return null;
  if (Array.isArray(json)) return (json as readonly Json[]).map(valueOf).filter((value) => value !== null);
  return typeof json === 'object' ? null : json;
}

/** `anna_fabrikam.com#EXT#@contoso.onmicrosoft.com` is anna@fabrikam.com at home. */
function restoredGuestName(userPrincipalName: string): string {
  const [, home] = /^(.+)#EXT#@/i.exec(userPrincipalName) ?? [];
  return home === undefined ? userPrincipalName : home.replace(/_(?=[^_]*$)/, '@');
}
