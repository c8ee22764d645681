// Roles in a PATCH as Entra's default client writes them: each a text of JSON with id, value and name, and only added.
import type { Json, JsonObject } from '../model/json.ts';
import type { AppRole } from '../model/source-object.ts';
import type { Dialect, PatchOperation } from '../model/target.ts';
import { parsePath } from './path.ts';
import type { ScimPath } from './path.ts';
import { isJsonObject } from './read-path.ts';

/** `null` where the value is sent as it is: another dialect, or roles that replace those of the application. */
export function roleText(
  path: ScimPath,
  value: Json | undefined,
  { dialect, roles }: { readonly dialect: Dialect; readonly roles: readonly AppRole[] },
): readonly JsonObject[] | null {
  if (dialect.roles === 'objects') return null;
  if (path.filter !== null && path.subAttribute?.toLowerCase() === 'value' && typeof value === 'string')
    return [asText(value, value, roles)];
  if (path.filter !== null || path.subAttribute !== null || !Array.isArray(value)) return null;
  const added = (value as readonly Json[]).filter(isJsonObject).filter((role) => 'displayName' in role);
  if (added.length === 0 || added.length < value.length) return null;
  return added.map((role) => asText(textIn(role, 'value'), textIn(role, 'displayName'), roles));
}

/** What an application makes of a text of JSON is its own affair: nothing on the account tells whether it had its effect. */
export const isRoleText = ({ roles }: Dialect, { op, path = '' }: PatchOperation): boolean =>
  roles === 'text' && op !== 'remove' && parsePath(path)?.attribute.toLowerCase() === 'roles';

const textIn = (role: JsonObject, name: string): string => {
  const text = role[name];
  return typeof text === 'string' ? text : '';
};

function asText(value: string, displayName: string, roles: readonly AppRole[]): JsonObject {
  const known = roles.find((role) => role.value === value) ?? roles.find((role) => role.displayName === value);
  const facts = { id: known?.id ?? '', value, displayName: known?.displayName ?? displayName };
  return { value: JSON.stringify(facts) };
}
