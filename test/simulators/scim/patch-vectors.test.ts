// PATCH semantics against the recorded results of two independent libraries, wherever the two agree.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { Json, JsonObject } from '../../../src/rules/model/json.ts';
import { applyMemberStep, memberIds, noMemberChange } from '../../../src/simulators/scim/group-members.ts';
import type { Attributes } from '../../../src/simulators/scim/normalise.ts';
import { parsePatchMessage } from '../../../src/simulators/scim/patch-message.ts';
import { applyStep, stepsOf } from '../../../src/simulators/scim/patch.ts';
import { groupSchema, userSchema } from '../../../src/simulators/scim/schemas.ts';
import { ScimError } from '../../../src/simulators/scim/scim-error.ts';

interface Vector {
  readonly id: string;
  readonly name: string;
  readonly kind: 'apply' | 'message-validation';
  readonly body?: Json;
  readonly valid?: boolean;
  readonly initial: JsonObject;
  readonly ops: readonly Json[];
  readonly expected?: JsonObject;
  readonly cross?: Readonly<Record<string, string>>;
}

const file = new URL('../../vectors/scim-patch.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };
const agreed = vectors.filter((each) => ['agrees', 'both refuse'].includes(Object.values(each.cross ?? {})[0] ?? ''));
const strict = { refuseUnknown: true };

function apply({ initial, ops }: Vector): JsonObject {
  const schema = 'members' in initial ? groupSchema : userSchema;
  const message = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: ops };
  const { members, ...rest } = initial;
  const resource: Attributes = rest;
  const stored = new Set(memberIds(members));
  const delta = noMemberChange();
  for (const step of parsePatchMessage(message).flatMap((each) => stepsOf(each, schema, strict))) {
    if (step.target.attribute.name === 'members') applyMemberStep(delta, stored, step);
    else applyStep(resource, step, strict);
  }
  const left = [...(delta.cleared ? [] : stored), ...delta.added].filter((id) => !delta.removed.has(id));
  return left.length === 0 ? resource : { ...resource, members: left.map((value) => ({ value })) };
}

/** Empty lists and objects count as absent; what the server owns is not compared. */
function comparable(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    const kept = (value as readonly Json[]).map(comparable).filter((each) => each !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value)
    .filter(([key]) => key !== 'meta' && key !== 'schemas')
    .map(([key, each]) => [key, comparable(each)] as const)
    .filter(([, each]) => each !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as JsonObject);
}

describe('PATCH, where scim-patch and scimmy agree', () => {
  it('has vectors to run', () => {
    expect(agreed.length).toBeGreaterThan(45);
  });

  it.each(agreed.map((each) => [each.id, each.name, each] as const))('%s %s', (_id, _name, vector) => {
    if (vector.expected === undefined) expect(() => apply(vector)).toThrow(ScimError);
    else expect(comparable(apply(vector))).toEqual(comparable(vector.expected));
  });
});

describe('the message of a PATCH', () => {
  const messages = vectors.filter((each) => each.kind === 'message-validation');
  it.each(messages.map((each) => [each.name, each] as const))('%s', (_name, { body = null, valid }) => {
    if (valid === true) expect(parsePatchMessage(body)).not.toHaveLength(0);
    else expect(() => parsePatchMessage(body)).toThrow(ScimError);
  });
});
