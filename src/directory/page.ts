// One delta page of Microsoft Graph → what it says about objects, tombstones and memberships. Pure.
// In a full round an entry shows the whole object: a selected property that it lacks has no value. In a delta round absent
// means "not mentioned". An object may come several times in one page: later entries win, and what any entry says is kept.
import type {
  DeltaResource,
  MirrorMember,
  MirrorMembership,
  MirrorObject,
  MirrorPage,
  MirrorTombstone,
} from '../rules/model/mirror.ts';
import type { Json, JsonObject } from '../rules/model/json.ts';
import type { ObjectType } from '../rules/model/source-object.ts';
import { incomplete } from './errors.ts';
import { objectAt, objectsAt, textAt } from './shape.ts';

export interface DeltaPage {
  readonly resource: DeltaResource;
  readonly round: 'full' | 'delta';
  /** Graph properties of the `$select`, relations included. */
  readonly selected: readonly string[];
  readonly values: readonly JsonObject[];
}

export const typeOf: Readonly<Record<DeltaResource, ObjectType>> = { users: 'User', groups: 'Group' };

const odataTypes: Readonly<Record<ObjectType, string>> = {
  User: '#microsoft.graph.user',
  Group: '#microsoft.graph.group',
};
const relations: ReadonlySet<string> = new Set(['manager', 'members']);

/** `managerId` undefined = not mentioned. */
interface Draft {
  attributes: Record<string, Json>;
  managerId: string | null | undefined;
  presence: 'live' | MirrorTombstone['presence'];
}

/** Throws SystemError DirectoryReadIncomplete for an entry that cannot be understood: nothing of its page may be used. */
export function readDeltaPage(page: DeltaPage): Omit<MirrorPage, 'state'> {
  const drafts = new Map<string, Draft>();
  const memberships = new Map<string, MirrorMembership>();
  for (const entry of page.values) {
    if (isOfOtherType(entry, typeOf[page.resource])) continue;
    const id = idOf(entry, page.resource);
    const draft = drafts.get(id) ?? { attributes: {}, managerId: undefined, presence: 'live' };
    drafts.set(id, mention(draft, entry, page));
    if (page.resource === 'groups') for (const m of membershipsOf(id, entry)) memberships.set(`${id} ${m.memberId}`, m);
  }
  return {
    objects: [...drafts].filter(([, d]) => d.presence === 'live').map(([id, d]) => objectOf(id, d, page)),
    tombstones: [...drafts].flatMap(([id, d]) =>
      d.presence === 'live' ? [] : [{ id, type: typeOf[page.resource], presence: d.presence }],
    ),
    memberships: [...memberships.values()],
  };
}

function isOfOtherType(entry: JsonObject, type: ObjectType): boolean {
  const odataType = textAt(entry, '@odata.type');
  return odataType !== null && odataType.toLowerCase() !== odataTypes[type];
}

function idOf(entry: JsonObject, where: string): string {
  const id = textAt(entry, 'id');
  if (id === null || id === '') throw incomplete(`Microsoft Graph sent an entry without an id in ${where}`);
  return id;
}

function mention(draft: Draft, entry: JsonObject, page: DeltaPage): Draft {
  const presence = presenceOf(entry);
  if (presence !== 'live') return { ...draft, presence };
  const properties = page.selected.filter((name) => !relations.has(name));
  for (const name of properties) {
    const value = entry[name];
    if (value !== undefined) draft.attributes[name] = value;
  }
  const managerId = page.resource === 'users' ? managerOf(entry) : undefined;
  return { ...draft, presence, managerId: managerId === undefined ? draft.managerId : managerId };
}

function presenceOf(entry: JsonObject): Draft['presence'] {
  if (entry['@removed'] === undefined) return 'live';
  const removed = objectAt(entry, '@removed');
  const reason = removed === null ? null : textAt(removed, 'reason');
  if (reason === 'changed') return 'soft-deleted';
  if (reason === 'deleted') return 'hard-deleted';
  throw incomplete(`Microsoft Graph removed ${String(textAt(entry, 'id'))} for the unknown reason "${String(reason)}"`);
}

/** `manager@delta` holds at most one live entry; one that only removes leaves the user without a manager. */
function managerOf(entry: JsonObject): string | null | undefined {
  const changes = relationOf(entry, 'manager@delta');
  if (changes.length > 0) {
    const live = changes.findLast((change) => change['@removed'] === undefined);
    return live === undefined ? null : idOf(live, 'manager@delta');
  }
  if (entry['manager'] === null) return null;
  const manager = objectAt(entry, 'manager');
  return manager === null ? undefined : idOf(manager, 'manager');
}

/** Entries of a relation; none when it is not mentioned. */
function relationOf(entry: JsonObject, name: string): readonly JsonObject[] {
  const listed = objectsAt(entry, name);
  if (listed === null && entry[name] !== undefined && entry[name] !== null)
    throw incomplete(`Microsoft Graph sent ${name} of ${String(textAt(entry, 'id'))}, which is not a list of objects`);
  return listed ?? [];
}

function membershipsOf(groupId: string, entry: JsonObject): readonly MirrorMembership[] {
  const listed = [...relationOf(entry, 'members'), ...relationOf(entry, 'members@delta')];
  return listed.map((member) => {
    const present = member['@removed'] === undefined;
    return { groupId, memberId: idOf(member, 'members@delta'), memberType: memberTypeOf(member, present), present };
  });
}

/** A removed member's type no longer matters; a live one without a type would silently be lost to provisioning. */
function memberTypeOf(member: JsonObject, live: boolean): MirrorMembership['memberType'] {
  const odataType = textAt(member, '@odata.type')?.toLowerCase();
  if (odataType === undefined && live)
    throw incomplete(`Microsoft Graph sent the member ${String(textAt(member, 'id'))} without its type`);
  if (odataType === odataTypes.User) return 'User';
  return odataType === odataTypes.Group ? 'Group' : 'Other';
}

function objectOf(id: string, draft: Draft, page: DeltaPage): MirrorObject {
  const { managerId } = draft;
  const object = { id, type: typeOf[page.resource], attributes: draft.attributes, managerId };
  if (page.round === 'delta' || !isWhole(draft)) return object;
  const absent = page.selected.filter((name) => !relations.has(name) && draft.attributes[name] === undefined);
  const attributes = { ...Object.fromEntries(absent.map((name) => [name, null])), ...draft.attributes };
  const hasNone = managerId === undefined && page.selected.includes('manager') && page.resource === 'users';
  return { ...object, attributes, managerId: hasNone ? null : managerId };
}

/** An entry with nothing but an id and relations is a slice of an object that came before, not an object without values. */
const isWhole = (draft: Draft): boolean => Object.keys(draft.attributes).some((name) => name !== 'id');

/** Members as `GET /groups/{id}/members` lists them. */
export const readMembers = (values: readonly JsonObject[]): readonly MirrorMember[] =>
  values.map((member) => ({ memberId: idOf(member, 'members'), memberType: memberTypeOf(member, true) }));
