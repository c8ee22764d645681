// A target that does not understand a form is asked in another one: what is learned, what is never tried.
import { afterEach, describe, expect, it } from 'vitest';

import type { AttributeChange } from '../../src/rules/model/decisions.ts';
import type { Json, JsonObject } from '../../src/rules/model/json.ts';
import type { DialectKnobs, KnownAttributes } from '../../src/rules/model/target.ts';
import { dialects, withKnobs } from '../../src/rules/scim/dialects.ts';
import { managerOperation, memberOperations, patchOperations } from '../../src/rules/scim/patch.ts';
import type { ScimSession } from '../../src/target/session.ts';
import type { Finding } from '../../src/target/talk.ts';
import type { Demands, Passing } from './gate.ts';
import { eachValue, gate } from './gate.ts';
import type { RawServer } from './support.ts';
import { endAll, simulator, targets, token, USER } from './support.ts';

afterEach(endAll);

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const before = {
  userName: 'adele@contoso.com',
  active: true,
  title: 'CEO',
  'name.givenName': 'Adele',
  'name.familyName': 'V',
};

interface World {
  readonly session: ScimSession;
  readonly found: readonly Finding[];
  readonly front: RawServer;
  readonly userId: string;
  readonly groupId: string;
  readonly others: readonly string[];
  user(): JsonObject;
  members(): readonly string[];
  change(desired: Readonly<Record<string, Json>>, known?: KnownAttributes): ReturnType<ScimSession['patch']>;
  member(change: { add?: readonly string[]; remove?: readonly string[] }): ReturnType<ScimSession['patch']>;
}

async function world(demands: Demands, knobs: DialectKnobs = {}): Promise<World> {
  const app = await simulator({ seedUsers: 0 });
  const direct = targets().open({ baseAddress: app.url, token }, dialects.rfc);
  const made = async (type: 'User' | 'Group', body: JsonObject): Promise<string> => {
    const answer = await direct.create(type, body);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value.id;
  };
  const userId = await made('User', {
    schemas: [USER],
    userName: before.userName,
    active: true,
    title: 'CEO',
    name: { givenName: 'Adele', familyName: 'V' },
  });
  const others = await Promise.all(['b', 'c', 'd'].map((userName) => made('User', { schemas: [USER], userName })));
  const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'G' };
  const groupId = await made('Group', { ...group, members: [userId, others[0] ?? ''].map((value) => ({ value })) });
  const front = await gate(app, demands, token);
  const found: Finding[] = [];
  const learn = (finding: Finding): Promise<void> => Promise.resolve(void found.push(finding));
  const session = targets().open({ baseAddress: front.url, token }, withKnobs(dialects.rfc, knobs), { learn });
  return {
    session,
    found,
    front,
    userId,
    groupId,
    others,
    user: () => app.state().users.find(({ id }) => id === userId) ?? {},
    members: () => {
      const one = app.state().groups.find(({ id }) => id === groupId);
      return ((one?.['members'] ?? []) as unknown as readonly { value: string }[]).map(({ value }) => value);
    },
    change: (desired: Readonly<Record<string, Json>>, known: KnownAttributes = before) =>
      session.patch('User', userId, patchOperations(changes(known, desired), known)),
    async member({ add = [], remove = [] }) {
      let last: Awaited<ReturnType<ScimSession['patch']>> = { ok: true, value: null };
      for (const operations of memberOperations({ add, remove }, session.dialect.membersPerPatch))
        last = await session.patch('Group', groupId, operations);
      return last;
    },
  };
}

const changes = (known: KnownAttributes, desired: Readonly<Record<string, Json>>): readonly AttributeChange[] =>
  Object.entries(desired).map(([path, after]) => ({
    path,
    op: after === null ? 'remove' : known[path] === undefined ? 'add' : 'replace',
    before: known[path] ?? null,
    after,
  }));

const patching = ({ method }: Passing): boolean => method === 'PATCH';
const writes = ({ front }: World): readonly string[] =>
  front.seen.flatMap(({ method }) => (method === 'GET' ? [] : [method]));
const knobsOf = ({ found }: World): DialectKnobs =>
  Object.assign({}, ...found.map(({ knobs }) => knobs)) as DialectKnobs;
const invalidSyntax = { status: 400, scimType: 'invalidSyntax' };
const invalidPath = { status: 400, scimType: 'invalidPath' };
const fromText = eachValue(({ value = null }) => (value === 'False' ? false : value === 'True' ? true : value));

describe('a refused form', () => {
  it('of booleans is sent as text, and stays so', async () => {
    const w = await world({
      refuse: ({ operations }) =>
        operations.some(({ value }) => typeof value === 'boolean') ? { status: 400, scimType: 'invalidValue' } : null,
      translate: fromText,
    });
    expect(await w.change({ active: false })).toMatchObject({ ok: true });
    expect(w.user()['active']).toBe(false);
    expect(knobsOf(w)).toEqual({ booleans: 'text' });
    await w.change({ active: true }, { ...before, active: false });
    expect(writes(w)).toEqual(['PATCH', 'PATCH', 'PATCH']);
    expect(w.user()['active']).toBe(true);
  });

  it('of paths is sent without a path', async () => {
    const w = await world({
      refuse: (p) => (patching(p) && p.operations.some(({ path }) => path !== undefined) ? invalidPath : null),
    });
    expect(await w.change({ title: 'Chef' })).toMatchObject({ ok: true });
    expect(w.user()['title']).toBe('Chef');
    expect(knobsOf(w)).toEqual({ patchForm: 'pathless' });
  });

  it('of PATCH as such is written whole, with everything that is not ours', async () => {
    const w = await world({ refuse: (p) => (patching(p) ? { status: 501 } : null) });
    expect(await w.change({ 'name.familyName': 'Vance' })).toMatchObject({ ok: true });
    expect(w.user()).toMatchObject({ title: 'CEO', name: { givenName: 'Adele', familyName: 'Vance' } });
    expect(knobsOf(w)).toMatchObject({ update: { User: 'put', Group: 'patch' } });
    const sent = writes(w).length;
    await w.change({ title: 'Chef' });
    expect(writes(w).slice(sent)).toEqual(['PUT']);
  });

  it('of a typed element is sent by the paths of its parts', async () => {
    const w = await world({
      refuse: (p) =>
        p.operations.some(({ path, value }) => path === 'emails' && Array.isArray(value)) ? invalidSyntax : null,
      translate: (json) => ({
        ...json,
        Operations: [{ op: 'add', path: 'emails', value: [{ type: 'work', value: 'a@b.c' }] }],
      }),
    });
    expect(await w.change({ 'emails[type eq "work"].value': 'a@b.c' })).toMatchObject({ ok: true });
    expect(w.user()['emails']).toMatchObject([{ type: 'work', value: 'a@b.c' }]);
    expect(knobsOf(w)).toEqual({ elementForm: 'path' });
  });

  it('of the manager is sent as bare text', async () => {
    const isText = ({ path, value }: { path?: string; value?: Json }): boolean =>
      path?.endsWith('manager') === true && typeof value === 'string';
    const w = await world({
      refuse: (p) => (patching(p) && !p.operations.every(isText) ? { status: 400, scimType: 'invalidValue' } : null),
      translate: eachValue(({ value = null }) => (typeof value === 'string' ? { value } : value)),
    });
    const operation = managerOperation(`${ENTERPRISE}:manager`, w.others[0] ?? '', null);
    expect(await w.session.patch('User', w.userId, [operation])).toMatchObject({ ok: true });
    expect(w.user()[ENTERPRISE]).toMatchObject({ manager: { value: w.others[0] } });
    expect(knobsOf(w)).toEqual({ managerForm: 'text' });
  });

  it('of operations in lower case is sent in capitals, also when it was only ignored', async () => {
    const small = (p: Passing): boolean => p.operations.some(({ op }) => op === op.toLowerCase());
    for (const demands of [{ refuse: (p: Passing) => (small(p) ? invalidSyntax : null) }, { swallow: small }]) {
      const w = await world(demands);
      expect(await w.change({ title: 'Chef' })).toMatchObject({ ok: true });
      expect(w.user()['title']).toBe('Chef');
      expect(knobsOf(w)).toEqual({ opCase: 'capital' });
    }
  });

  it('of the content type is sent as plain JSON, for changes and for new accounts', async () => {
    const w = await world({
      refuse: ({ method, headers }) =>
        method !== 'GET' && headers['content-type'] !== 'application/json' ? { status: 415 } : null,
    });
    expect(await w.session.create('User', { schemas: [USER], userName: 'new' })).toMatchObject({ ok: true });
    expect(await w.change({ title: 'Chef' })).toMatchObject({ ok: true });
    expect(writes(w)).toEqual(['POST', 'POST', 'PATCH']);
    expect(knobsOf(w)).toEqual({ contentType: 'application/json' });
  });

  it('without a version is sent with the one that is read first', async () => {
    const w = await world({ versions: true });
    expect(await w.change({ title: 'Chef' })).toMatchObject({ ok: true });
    expect(knobsOf(w)).toEqual({ conditionalWrites: true });
    expect(await w.change({ title: 'Boss' })).toMatchObject({ ok: true });
    expect(await w.session.remove('User', w.userId)).toEqual({ ok: true, value: null });
    expect(w.user()).toEqual({});
  });
});

describe('a refusal that is none of the form', () => {
  it.each([
    [{ status: 400, scimType: 'invalidValue' }],
    [{ status: 400, scimType: 'mutability' }],
    [{ status: 409, scimType: 'uniqueness' }],
    [{ status: 500 }],
    [{ status: 403 }],
  ])('is sent once: %o', async (refusing) => {
    const w = await world({ refuse: (p) => (patching(p) ? refusing : null) });
    expect(await w.change({ title: 'Chef' })).toMatchObject({ ok: false, error: { status: refusing.status } });
    expect(writes(w)).toEqual(['PATCH']);
    expect(w.found).toEqual([]);
  });

  it('costs its alternatives once, and the refusal stands as it came', async () => {
    const w = await world({ refuse: (p) => (patching(p) ? { status: 400 } : null) });
    expect(await w.change({ title: 'Chef' })).toMatchObject({ ok: false, error: { status: 400 } });
    const first = writes(w).length;
    await w.change({ title: 'Boss' });
    expect(writes(w).length).toBe(first + 1);
    expect(w.found).toEqual([]);
  });
});

describe('members', () => {
  it('invariant 7: are never removed by value because the filter was refused; the refusal says what to do', async () => {
    const w = await world({
      refuse: ({ operations }) => (operations.some(({ path }) => path?.includes('[')) ? { status: 501 } : null),
    });
    expect(await w.member({ remove: [w.userId] })).toMatchObject({
      ok: false,
      error: { code: 'NotImplemented', message: expect.stringContaining('probe') as string },
    });
    const sent = w.front.seen.flatMap(({ method, body }) => (method === 'PATCH' ? [body] : []));
    for (const body of sent) expect(body).toContain('members[value eq');
    expect(w.members()).toEqual([w.userId, w.others[0]]);
  });

  it('are removed by filter where removal by value is refused', async () => {
    const w = await world(
      {
        refuse: ({ operations }) =>
          operations.some(({ op, path }) => /remove/i.test(op) && path === 'members') ? invalidPath : null,
      },
      { memberRemoval: 'value', reference: 'null-ref' },
    );
    expect(await w.member({ remove: [w.userId] })).toMatchObject({ ok: true });
    expect(w.members()).toEqual([w.others[0]]);
    expect(knobsOf(w)).toEqual({ memberRemoval: 'filter' });
  });

  it('invariant 7: whoever is still there after a removal that was answered with 204 is an error', async () => {
    const w = await world({ swallow: ({ operations }) => operations.some(({ op }) => op.toLowerCase() === 'remove') });
    const answer = await w.member({ remove: [w.userId] });
    expect(answer).toMatchObject({ ok: false });
    expect(answer.ok ? '' : answer.error.message).toContain('probe');
  });

  it('are written as a whole list, after it was read', async () => {
    const w = await world(
      {
        refuse: ({ operations }) =>
          operations.some(({ op, path }) => path === 'members' && op !== 'replace') ? { status: 501 } : null,
      },
      { memberWrite: 'replace' },
    );
    expect(await w.member({ add: [w.others[1] ?? ''], remove: [w.userId] })).toMatchObject({ ok: true });
    expect(w.members()).toEqual([w.others[0], w.others[1]]);
    const sent = writes(w).length;
    await w.member({ add: [w.others[1] ?? ''] });
    expect(writes(w).length).toBe(sent);
  });

  it.each([
    ['list', { memberWrite: 'replace', membersReadable: false }],
    ['PUT', { update: { User: 'patch', Group: 'put' }, membersReadable: false }],
  ] as const)(
    'invariant 7: are not written as a whole by %s where the target does not show them',
    async (_how, knobs) => {
      const w = await world({}, knobs);
      expect(await w.member({ add: [w.others[1] ?? ''] })).toMatchObject({ ok: false });
      expect(writes(w)).toEqual([]);
      expect(w.members()).toEqual([w.userId, w.others[0]]);
    },
  );

  it('stay when a group is renamed by PUT', async () => {
    const w = await world(
      { refuse: (p) => (patching(p) ? { status: 405 } : null) },
      { update: { User: 'put', Group: 'put' } },
    );
    const rename = patchOperations(changes({ displayName: 'G' }, { displayName: 'H' }), {});
    expect(await w.session.patch('Group', w.groupId, rename)).toMatchObject({ ok: true });
    expect(w.members()).toEqual([w.userId, w.others[0]]);
    expect(await w.member({ remove: [w.userId] })).toMatchObject({ ok: true });
    expect(w.members()).toEqual([w.others[0]]);
  });

  it('carry the address of each where the target wants it', async () => {
    const w = await world(
      {
        refuse: (p) =>
          patching(p) && !JSON.stringify(p.json).includes('$ref') ? { status: 400, scimType: 'invalidValue' } : null,
      },
      { reference: 'ref' },
    );
    expect(await w.member({ add: [w.others[1] ?? ''] })).toMatchObject({ ok: true });
    expect(w.front.seen.find(({ method }) => method === 'PATCH')?.body).toContain(
      `${w.front.url}/Users/${w.others[1] ?? ''}`,
    );
  });
});

describe('limits', () => {
  it('cut a change into requests of so many operations, in their order', async () => {
    const w = await world(
      { refuse: ({ operations }) => (operations.length > 1 ? { status: 413 } : null) },
      { operationsPerPatch: 1 },
    );
    expect(await w.change({ title: 'Chef', 'name.familyName': 'Vance', active: false })).toMatchObject({ ok: true });
    expect(w.user()).toMatchObject({ title: 'Chef', active: false, name: { givenName: 'Adele', familyName: 'Vance' } });
    expect(writes(w)).toEqual(['PATCH', 'PATCH', 'PATCH']);
  });

  it('read the version once more when somebody else was faster, and then give up', async () => {
    let foreign = 1;
    const w = await world(
      { versions: true, refuse: (p) => (patching(p) && foreign-- > 0 ? { status: 412 } : null) },
      { conditionalWrites: true },
    );
    expect(await w.change({ title: 'Chef' })).toMatchObject({ ok: true });
    foreign = 9;
    expect(await w.change({ title: 'Boss' })).toMatchObject({ ok: false, error: { status: 412 } });
  });
});

describe('a form that works', () => {
  it('is not doubted where nothing can be seen of it: roles as text are sent once', async () => {
    const role = 'roles[primary eq "True"].value';
    const w = await world({}, { roles: 'text', elementForm: 'path', pathBooleans: 'text' });
    expect(await w.change({ [role]: 'Editor' }, { ...before, [role]: 'Reader' })).toMatchObject({ ok: true });
    expect(writes(w)).toEqual(['PATCH']);
    expect(knobsOf(w)).toEqual({});
  });

  it('is read back the first time it is used, and never again', async () => {
    const w = await world({});
    await w.member({ add: [w.others[1] ?? ''] });
    await w.member({ add: [w.others[2] ?? ''] });
    expect(w.front.seen.map(({ method }) => method)).toEqual(['PATCH', 'GET', 'PATCH']);
    expect(w.found).toMatchObject([{ knobs: {}, proven: ['members added: change value-only lower'] }]);
  });
});
