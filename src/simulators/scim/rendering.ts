// Resource texts: as stored (no members, no location, `meta` last) and as answered.
import type { JsonObject } from '../../rules/model/json.ts';
import type { ResourceSchema } from './attribute.ts';
import type { Attributes } from './normalise.ts';
import type { Projection } from './projection.ts';
import { project, shows } from './projection.ts';
import type { Store } from './store-types.ts';

export interface Stamps {
  readonly created: string;
  readonly lastModified: string;
}

/** Write-only attributes are not kept at all: nothing ever reads them. */
export function storedText(schema: ResourceSchema, id: string, attributes: Attributes, stamps: Stamps): string {
  const shown = Object.entries(attributes).filter(
    ([name]) => schema.core.attributes.get(name.toLowerCase())?.returned !== 'never',
  );
  const used = schema.extensions.filter((extension) => extension.id in attributes);
  return JSON.stringify({
    schemas: [schema.core.id, ...used.map((extension) => extension.id)],
    id,
    ...Object.fromEntries(shown),
    meta: { resourceType: schema.type, ...stamps },
  });
}

/** What of a stored text the client may change, and since when it exists. */
export function openText(text: string): { readonly attributes: Attributes; readonly created: string } {
  const attributes = JSON.parse(text) as Attributes;
  const { created } = attributes['meta'] as unknown as Stamps;
  for (const owned of ['schemas', 'id', 'meta']) Reflect.deleteProperty(attributes, owned);
  return { attributes, created };
}

export interface View {
  readonly store: Store;
  /** Address of the server, without a slash at its end. */
  readonly base: string;
}

export const locationOf = (view: View, schema: ResourceSchema, id: string): string =>
  `${view.base}/${schema.endpoint}/${encodeURIComponent(id)}`;

const everything: Projection = { only: null, without: [] };

/** The JSON text to answer with; empty when the resource does not exist. */
export function render(view: View, schema: ResourceSchema, id: string, projection: Projection = everything): string {
  const text = view.store.text(schema.endpoint, id);
  if (text === null) return '';
  const located = `${text.slice(0, -2)},"location":${JSON.stringify(locationOf(view, schema, id))}}`;
  const whole = `${located}${shows(projection, 'members') ? membersText(view, schema, id) : ''}}`;
  if (projection.only === null && projection.without.every((path) => path[0] === 'members')) return whole;
  return JSON.stringify(project(JSON.parse(whole) as JsonObject, projection));
}

function membersText(view: View, schema: ResourceSchema, id: string): string {
  if (schema.type !== 'Group') return '';
  const members = [...view.store.members(id)].map((member) => {
    const isGroup = view.store.text('Groups', member) !== null;
    const path = `${isGroup ? 'Groups' : 'Users'}/${encodeURIComponent(member)}`;
    return { value: member, type: isGroup ? 'Group' : 'User', $ref: `${view.base}/${path}` };
  });
  return members.length === 0 ? '' : `,"members":${JSON.stringify(members)}`;
}
