// An independent judge: scim-patch from npm applies what each dialect sends, and the account must be as desired.
// Its readings differ from those of servers that Entra's client was made for in these points, where our own applier of
// canonical operations judges instead: texts for booleans stay texts, a manager as bare text stays one, stringified roles
// are a list of texts, and a removal by value compares whole members, so that one with "$ref" removes nobody.
import fc from 'fast-check';
import { scimPatch } from 'scim-patch';
import type { ScimPatchOperation } from 'scim-patch';
import { describe, expect, it } from 'vitest';

import type { AttributeChange } from '../../../src/rules/model/decisions.ts';
import type { Json, JsonObject } from '../../../src/rules/model/json.ts';
import { dialectNames } from '../../../src/rules/model/target.ts';
import { createBody, knownFrom } from '../../../src/rules/scim/build.ts';
import { applyOperations } from '../../../src/rules/scim/apply.ts';
import { dialects } from '../../../src/rules/scim/dialects.ts';
import { memberOperations, patchOperations } from '../../../src/rules/scim/patch.ts';
import { inDialect } from '../../../src/rules/scim/wire-form.ts';
import { applyPatch } from './apply-patch.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CUSTOM = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User';
const texts = [
  'userName',
  'title',
  'name.givenName',
  'name.familyName',
  'emails[type eq "work"].value',
  'emails[type eq "home"].value',
  'addresses[type eq "work"].locality',
  'addresses[type eq "work"].country',
  'addresses[type eq "other"].country',
  `${ENTERPRISE}:department`,
  `${CUSTOM}:label1`,
];
const paths = [...texts, 'active'];
const account = fc
  .record({
    ...Object.fromEntries(texts.map((path) => [path, fc.option(fc.constantFrom('x', 'y', 'Zoë "q"'))])),
    active: fc.option(fc.boolean()),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as Record<string, Json>);

const changesTo = (known: Record<string, Json>, desired: Record<string, Json>): readonly AttributeChange[] =>
  Object.entries(desired).flatMap(([path, after]) => {
    const before = known[path] ?? null;
    return before === after
      ? []
      : [{ path, before, after, op: before === null ? ('add' as const) : ('replace' as const) }];
  });

/** What a server that takes Entra's texts for booleans makes of them. */
const coerced = (resource: JsonObject): JsonObject => {
  const { active } = resource;
  return typeof active === 'string' ? { ...resource, active: active === 'True' } : resource;
};
const context = (name: (typeof dialectNames)[number]) => ({
  dialect: dialects[name],
  roles: [],
  locate: (type: string, id: string) => `https://app.example/${type}s/${id}`,
});

describe.each(dialectNames)('what %s sends', (name) => {
  it('turns any account into any other, says scim-patch, and so does what is written whole', () => {
    fc.assert(
      fc.property(account, account, (known, desired) => {
        const resource = createBody('User', ENTERPRISE, known);
        const operations = patchOperations(changesTo(known, desired), known);
        const sent = inDialect(operations, context(name));
        const judged = scimPatch(
          structuredClone(resource) as never,
          structuredClone(sent) as unknown as ScimPatchOperation[],
        ) as unknown as JsonObject;
        expect(knownFrom(coerced(judged), paths)).toEqual({ ...known, ...desired });
        expect(knownFrom(applyOperations(resource, operations), paths)).toEqual({ ...known, ...desired });
      }),
    );
  });

  it('adds and removes exactly the members that it names', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{1,4}$/), { maxLength: 6 });
    fc.assert(
      fc.property(ids, ids, ids, (present, add, gone) => {
        const remove = gone.filter((id) => !add.includes(id));
        const group: Record<string, unknown> = { members: present.map((value) => ({ value })) };
        const operations = memberOperations({ add, remove: remove.filter((id) => present.includes(id)) }, 9).flat();
        const fresh = add.filter((id) => !present.includes(id));
        const wanted = [...present.filter((id) => !remove.includes(id)), ...fresh].toSorted();
        const canonical = operations.map((one) =>
          one.op === 'add' ? { ...one, value: one.value.filter(({ value }) => !present.includes(value)) } : one,
        );
        const own = applyPatch(group, canonical)['members'] as readonly { value: string }[] | undefined;
        expect((own ?? []).map(({ value }) => value).toSorted()).toEqual(wanted);
        if (name === 'entra') return;
        const judged = scimPatch(
          structuredClone(group) as never,
          structuredClone(inDialect(canonical, context(name))) as unknown as ScimPatchOperation[],
        ) as unknown as { members?: readonly { value: string }[] };
        expect((judged.members ?? []).map(({ value }) => value).toSorted()).toEqual(wanted);
      }),
    );
  });

  it('invariant 7: never removes members without a filter or a value', () => {
    const ids = fc.uniqueArray(fc.string(), { maxLength: 5 });
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 1, max: 4 }), (add, remove, size) => {
        for (const batch of memberOperations({ add, remove }, size))
          for (const { op, path, value } of inDialect(batch, context(name)))
            if (typeof op === 'string' && op.toLowerCase() === 'remove')
              expect(path === 'members' ? Array.isArray(value) && value.length > 0 : (path as string)).toSatisfy(
                (shape: boolean | string) => shape === true || /^members\[value eq ".*"\]$/su.test(shape as string),
              );
      }),
    );
  });
});
