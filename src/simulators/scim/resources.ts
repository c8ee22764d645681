// Create, replace, patch and delete: the writes of the application with everything it checks before it changes anything.
import { randomUUID } from 'node:crypto';

import type { Json, JsonObject } from '../../rules/model/json.ts';
import type { ResourceSchema } from './attribute.ts';
import type { ScimFaults } from './faults.ts';
import type { MemberDelta } from './group-members.ts';
import { applyMemberStep, memberIds, noMemberChange } from './group-members.ts';
import type { Attributes } from './normalise.ts';
import { checkWhole, isList, isObject, normaliseResource, textOf } from './normalise.ts';
import { parsePatchMessage } from './patch-message.ts';
import { applyStep, stepsOf } from './patch.ts';
import { openText, storedText } from './rendering.ts';
import { sameJson } from './same-json.ts';
import { ENTERPRISE_USER } from './schemas.ts';
import { badRequest, notFound, ScimError } from './scim-error.ts';
import type { Store } from './store-types.ts';

export interface Application {
  readonly store: Store;
  readonly faults: () => ScimFaults;
  readonly now: () => Date;
}

/** Answers the new id. */
export function create(app: Application, schema: ResourceSchema, body: Json): string {
  const { attributes, members } = takeApart(normaliseResource(schema, body, app.faults()));
  const id = randomUUID();
  check(app, schema, attributes, null);
  const delta: MemberDelta = { ...noMemberChange(), added: new Set(members) };
  checkMembers(app.store, id, delta);
  const at = app.now().toISOString();
  app.store.put(schema.endpoint, id, storedText(schema, id, attributes, { created: at, lastModified: at }));
  if (members.length > 0) app.store.changeMembers(id, delta);
  return id;
}

export function replace(app: Application, schema: ResourceSchema, id: string, body: Json): void {
  const before = existing(app.store, schema, id);
  const { attributes, members } = takeApart(normaliseResource(schema, body, app.faults()));
  check(app, schema, attributes, { id, attributes: before.attributes });
  const delta: MemberDelta = { ...noMemberChange(), cleared: true, added: new Set(members) };
  checkMembers(app.store, id, delta);
  save(app, schema, { id, created: before.created, attributes });
  if (schema.type === 'Group') app.store.changeMembers(id, delta);
}

export function patch(app: Application, schema: ResourceSchema, id: string, body: Json): void {
  const { attributes: before, created } = existing(app.store, schema, id);
  const steps = parsePatchMessage(body).flatMap((operation) => stepsOf(operation, schema, app.faults()));
  const after: Attributes = { ...before };
  const delta = noMemberChange();
  for (const step of steps) {
    const { name } = step.target.attribute;
    const former = after[name];
    if (name === 'members') applyMemberStep(delta, app.store.members(id), step);
    else applyStep(after, step, app.faults());
    const current = demoteFormerPrimary(former, after[name]);
    if (current !== undefined) after[name] = current;
  }
  const { maxMembersPerPatch } = app.faults();
  if (delta.asked > maxMembersPerPatch) {
    throw badRequest(
      'tooMany',
      `One PATCH may change ${String(maxMembersPerPatch)} members, not ${String(delta.asked)}.`,
    );
  }
  check(app, schema, after, { id, attributes: before });
  checkMembers(app.store, id, delta);
  if (delta.asked > 0) app.store.changeMembers(id, delta);
  if (delta.asked > 0 || !sameJson(before, after)) save(app, schema, { id, created, attributes: after });
}

export function remove(app: Application, schema: ResourceSchema, id: string): void {
  existing(app.store, schema, id);
  app.store.remove(schema.endpoint, id);
}

function existing(store: Store, schema: ResourceSchema, id: string): ReturnType<typeof openText> {
  const text = store.text(schema.endpoint, id);
  if (text === null) throw notFound(`${schema.type} ${id} does not exist.`);
  return openText(text);
}

interface Written {
  readonly id: string;
  readonly created: string;
  readonly attributes: Attributes;
}

function save(app: Application, schema: ResourceSchema, { id, created, attributes }: Written): void {
  const lastModified = app.now().toISOString();
  app.store.put(schema.endpoint, id, storedText(schema, id, attributes, { created, lastModified }));
}

function takeApart(resource: Attributes): { readonly attributes: Attributes; readonly members: readonly string[] } {
  const members = memberIds(resource['members']);
  Reflect.deleteProperty(resource, 'members');
  return { attributes: resource, members };
}

interface Before {
  readonly id: string;
  readonly attributes: Attributes;
}

function check(app: Application, schema: ResourceSchema, attributes: Attributes, before: Before | null): void {
  checkWhole(schema, attributes);
  checkImmutable(schema, attributes, before);
  checkUnique(app.store, schema, attributes, before?.id ?? null);
  const userName = textOf(attributes['userName']).toLowerCase();
  if (userName !== '' && app.faults().rejectUserNames.some((each) => each.toLowerCase() === userName)) {
    throw badRequest('invalidValue', `The application does not accept the userName ${userName}.`);
  }
  const manager = managerOf(attributes);
  if (
    manager !== null &&
    manager !== managerOf(before?.attributes ?? {}) &&
    app.store.text('Users', manager) === null
  ) {
    throw badRequest('invalidValue', `Manager ${manager} does not exist.`);
  }
}

function checkUnique(store: Store, schema: ResourceSchema, attributes: Attributes, id: string | null): void {
  for (const { name, uniqueness } of schema.core.attributes.values()) {
    const value = textOf(attributes[name]);
    if (uniqueness === 'server' && store.holders(schema.endpoint, name, value).some((holder) => holder !== id)) {
      throw new ScimError(409, 'uniqueness', `${schema.type} with ${name} ${value} exists already.`);
    }
  }
}

function checkImmutable(schema: ResourceSchema, attributes: Attributes, before: Before | null): void {
  if (before === null) return;
  for (const { name, mutability } of schema.core.attributes.values()) {
    const former = before.attributes[name] ?? null;
    if (mutability === 'immutable' && former !== null && !sameJson(former, attributes[name] ?? null))
      throw badRequest('mutability', `Attribute ${name} of a ${schema.type.toLowerCase()} cannot be changed.`);
  }
}

function managerOf(attributes: JsonObject): string | null {
  const extension = attributes[ENTERPRISE_USER];
  const manager = isObject(extension) ? extension['manager'] : undefined;
  const value = isObject(manager) ? manager['value'] : undefined;
  return typeof value === 'string' ? value : null;
}

function checkMembers(store: Store, id: string, delta: MemberDelta): void {
  const unknown = [...delta.added].find((each) => each === id || !exists(store, each));
  if (unknown !== undefined)
    throw badRequest('invalidValue', `Member ${unknown} does not exist or is the group itself.`);
}
const exists = (store: Store, id: string): boolean =>
  store.text('Users', id) !== null || store.text('Groups', id) !== null;

/** A value that becomes primary takes this from the one that was (RFC 7644 §3.5.2). */
function demoteFormerPrimary(before: Json | undefined, after: Json | undefined): Json | undefined {
  if (!isList(after) || !isList(before)) return after;
  const isPrimary = (value: Json): boolean => isObject(value) && value['primary'] === true;
  if (!after.some((each) => isPrimary(each) && !before.includes(each))) return after;
  return after.map((each) =>
    isObject(each) && isPrimary(each) && before.includes(each) ? { ...each, primary: false } : each,
  );
}
