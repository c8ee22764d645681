// The state of a store as journal lines, and back.
import type { Json } from '../../rules/model/json.ts';
import { isList, isObject, textOf } from './normalise.ts';
import type { Endpoint, Store } from './store-types.ts';

export function replay(store: Store, entry: Json): void {
  const [kind, subject, ...rest] = isList(entry) ? entry : [];
  const strings = (value: Json | undefined): Set<string> => new Set(isList(value) ? value.map(textOf) : []);
  if (kind === 'members') {
    const [cleared, added, removed] = rest;
    store.changeMembers(textOf(subject), {
      cleared: cleared === true,
      added: strings(added),
      removed: strings(removed),
    });
    return;
  }
  const endpoint: Endpoint = subject === 'Groups' ? 'Groups' : 'Users';
  const [value = null] = rest;
  if (kind === 'put' && isObject(value)) store.put(endpoint, textOf(value['id']), JSON.stringify(value));
  if (kind === 'remove') store.remove(endpoint, textOf(value));
}

export function dump(store: Store): readonly string[] {
  const lines = (['Users', 'Groups'] as const).flatMap((endpoint) =>
    [...store.ids(endpoint)].map((id) => `["put","${endpoint}",${store.text(endpoint, id) ?? 'null'}]`),
  );
  const memberships = [...store.ids('Groups')].filter((id) => store.members(id).size > 0);
  return [...lines, ...memberships.map((id) => JSON.stringify(['members', id, true, [...store.members(id)], []]))];
}
