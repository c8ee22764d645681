// The simulator as its clients see it: over HTTP only.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/rules/model/json.ts';
import { startScimSimulator } from '../../../src/simulators/scim/start.ts';
import type { Client } from './client.ts';
import { ENTERPRISE, GROUP, startClient, token, USER } from './client.ts';

const open: Client[] = [];
async function client(...options: Parameters<typeof startClient>): Promise<Client> {
  const started = await startClient(...options);
  open.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ simulator }) => simulator.close()));
});

const refusal = (status: number, scimType?: string): JsonObject => ({
  status,
  body: expect.objectContaining({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail: expect.any(String) as string,
  }) as JsonObject,
});
const found = async ({ send }: Client, endpoint: string, filter: string): Promise<readonly unknown[]> => {
  const { body } = await send('GET', `/${endpoint}?filter=${encodeURIComponent(filter)}`);
  return (body['Resources'] as readonly JsonObject[]).map((each) => each['userName'] ?? each['displayName']);
};

describe('creating', () => {
  it('answers 201 with id, meta and Location, and the resource is there to read', async () => {
    const { send, simulator } = await client();
    const created = await send('POST', '/Users', {
      schemas: [USER],
      userName: 'adele@contoso.com',
      active: true,
      roles: [],
      title: null,
    });
    expect(created.status).toBe(201);
    expect(created.headers.get('content-type')).toContain('application/scim+json');
    expect(created.headers.get('location')).toBe(`${simulator.url}/Users/${created.body['id'] as string}`);
    expect(created.body).toMatchObject({ schemas: [USER], userName: 'adele@contoso.com', active: true });
    expect(created.body['meta']).toMatchObject({ resourceType: 'User', location: created.headers.get('location') });
    expect(Object.keys(created.body)).not.toContain('roles');
    expect((await send('GET', `/Users/${created.body['id'] as string}`)).body).toEqual(created.body);
  });

  it('refuses a second user of the same name in other case, and a second group of the same name', async () => {
    const { send, user, group } = await client();
    await user({ userName: 'Adele@contoso.com' });
    await group('Sales');
    expect(await send('POST', '/Users', { schemas: [USER], userName: 'adele@CONTOSO.com' })).toMatchObject(
      refusal(409, 'uniqueness'),
    );
    expect(await send('POST', '/Groups', { schemas: [GROUP], displayName: 'sales' })).toMatchObject(
      refusal(409, 'uniqueness'),
    );
  });

  it.each([
    ['a boolean as text', { userName: 'a', active: 'True' }, 'invalidValue'],
    ['an unknown attribute', { userName: 'a', shoeSize: 44 }, 'invalidValue'],
    ['an unknown sub-attribute', { userName: 'a', name: { nick: 'x' } }, 'invalidValue'],
    ['an unknown extension', { userName: 'a', 'urn:example:2.0:User': { label: 'x' } }, 'invalidValue'],
    ['a manager as a string', { userName: 'a', [ENTERPRISE]: { manager: '1' } }, 'invalidValue'],
    ['a manager who does not exist', { userName: 'a', [ENTERPRISE]: { manager: { value: '1' } } }, 'invalidValue'],
    ['a list where one value belongs', { userName: ['a'] }, 'invalidValue'],
    ['one value where a list belongs', { userName: 'a', emails: { value: 'a' } }, 'invalidValue'],
    [
      'two primary values',
      {
        userName: 'a',
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      },
      'invalidValue',
    ],
    ['a missing userName', { displayName: 'a' }, 'invalidValue'],
    ['an empty userName', { userName: '' }, 'invalidValue'],
  ])('refuses %s and changes nothing', async (_what, attributes, scimType) => {
    const { send, simulator } = await client();
    expect(await send('POST', '/Users', { schemas: [USER], ...attributes })).toMatchObject(refusal(400, scimType));
    expect(simulator.state().users).toEqual([]);
  });

  it('refuses a body without schemas, with a foreign schema, of a foreign type or broken', async () => {
    const { send } = await client();
    expect(await send('POST', '/Users', { userName: 'a' })).toMatchObject(refusal(400, 'invalidSyntax'));
    const marker = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';
    expect(await send('POST', '/Groups', { schemas: [GROUP, marker], displayName: 'g' })).toMatchObject(
      refusal(400, 'invalidValue'),
    );
    expect(await send('POST', '/Users', '{"schemas":')).toMatchObject(refusal(400, 'invalidSyntax'));
    expect(await send('POST', '/Users', 'a', { 'content-type': 'text/plain' })).toMatchObject(refusal(415));
    const json = await send(
      'POST',
      '/Users',
      { schemas: [USER], userName: 'a' },
      { 'content-type': 'application/json; charset=utf-8' },
    );
    expect(json.status).toBe(201);
  });

  it('drops unknown attributes instead when told to be lenient', async () => {
    const { send } = await client({ faults: { refuseUnknown: false } });
    const { status, body } = await send('POST', '/Users', {
      schemas: [USER, 'urn:x'],
      userName: 'a',
      shoeSize: 44,
      'urn:x': { a: 1 },
    });
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(['schemas', 'id', 'userName', 'meta']);
  });

  it('never shows a password', async () => {
    const { send, simulator } = await client();
    const { body } = await send('POST', '/Users', { schemas: [USER], userName: 'a', password: 'hunter2' });
    expect(JSON.stringify([body, simulator.state()])).not.toContain('hunter2');
  });
});

describe('finding', () => {
  it('evaluates every operator and value paths', async () => {
    const app = await client();
    await app.user({
      userName: 'Adele@contoso.com',
      externalId: 'X1',
      active: true,
      title: 'Chef',
      emails: [
        { type: 'work', value: 'adele@contoso.com' },
        { type: 'home', value: 'adele@home.org' },
      ],
      [ENTERPRISE]: { department: 'Kitchen' },
    });
    await app.user({ userName: 'bob@contoso.com', active: false, displayName: 'Bob "the" O’Neil \\ Ü' });
    const adele = [
      'userName eq "ADELE@contoso.com"',
      'userName EQ "adele@contoso.com"',
      'externalId eq "X1"',
      'emails[type eq "work"].value eq "Adele@contoso.com"',
      'emails[type eq "work" and value co "contoso"]',
      'emails.value ew "home.org"',
      'emails co "home"',
      'title pr',
      'active eq true',
      'not (active eq false)',
      'userName sw "adele" and (title eq "x" or title eq "chef")',
      'userName lt "b"',
      `${ENTERPRISE}:department eq "kitchen"`,
      `${USER}:userName eq "adele@contoso.com"`,
      'userName ne "bob@contoso.com"',
      'meta.created gt "2020-01-01T00:00:00Z" and externalId pr',
    ];
    for (const filter of adele)
      expect([filter, await found(app, 'Users', filter)]).toEqual([filter, ['Adele@contoso.com']]);
    expect(await found(app, 'Users', 'externalId eq "x1"')).toEqual([]);
    expect(await found(app, 'Users', 'emails[type eq "home"].value eq "adele@contoso.com"')).toEqual([]);
    expect(await found(app, 'Users', `displayName eq ${JSON.stringify('bob "the" o’neil \\ ü')}`)).toEqual([
      'bob@contoso.com',
    ]);
    expect(await found(app, 'Users', 'userName le "z" or title pr')).toHaveLength(2);
  });

  it.each([
    'userName',
    'userName eq',
    'shoeSize eq "1"',
    'userName eq "a" and',
    '(userName eq "a"',
    'userName like "a"',
    'title[value eq "x"]',
    'userName eq "a" "b"',
    'userName eq a',
  ])('refuses the filter %s', async (filter) => {
    const { send } = await client();
    expect(await send('GET', `/Users?filter=${encodeURIComponent(filter)}`)).toMatchObject(
      refusal(400, 'invalidFilter'),
    );
  });

  it('pages by startIndex and count, at most 200 at a time', async () => {
    const { send } = await client({ seedUsers: 450 });
    const page = async (query: string): Promise<JsonObject> => (await send('GET', `/Users?${query}`)).body;
    expect(await page('')).toMatchObject({ totalResults: 450, startIndex: 1, itemsPerPage: 200 });
    expect(await page('startIndex=401&count=500')).toMatchObject({
      totalResults: 450,
      startIndex: 401,
      itemsPerPage: 50,
    });
    expect(await page('startIndex=451')).toMatchObject({ totalResults: 450, itemsPerPage: 0, Resources: [] });
    expect(await page('startIndex=0&count=0')).toMatchObject({ totalResults: 450, startIndex: 1, itemsPerPage: 0 });
    expect(await page('filter=userName%20pr&startIndex=449')).toMatchObject({ totalResults: 450, itemsPerPage: 2 });
    const ids = new Set<unknown>();
    for (const from of [1, 201, 401]) {
      const { Resources: list } = (await page(`startIndex=${String(from)}`)) as { Resources?: readonly JsonObject[] };
      for (const each of list ?? []) ids.add(each['id']);
    }
    expect(ids.size).toBe(450);
    expect(await send('GET', '/Users?count=many')).toMatchObject(refusal(400, 'invalidValue'));
  });

  it('shows the attributes that are asked for and hides those that are not', async () => {
    const { send, user, group } = await client();
    const id = await user({
      userName: 'a',
      name: { givenName: 'A', familyName: 'B' },
      emails: [{ type: 'work', value: 'a@b.c' }],
      [ENTERPRISE]: { department: 'D', division: 'E' },
    });
    const team = await group('Team', [id]);
    expect(
      (await send('GET', `/Users/${id}?attributes=userName,name.givenName,emails.value,${ENTERPRISE}:department`)).body,
    ).toEqual({
      schemas: [USER, ENTERPRISE],
      id,
      userName: 'a',
      name: { givenName: 'A' },
      emails: [{ value: 'a@b.c' }],
      [ENTERPRISE]: { department: 'D' },
    });
    const without = (await send('GET', `/Users/${id}?excludedAttributes=name.familyName,emails,id`)).body;
    expect(without).toMatchObject({ id, name: { givenName: 'A' } });
    expect(Object.keys(without)).not.toContain('emails');
    expect(Object.keys((await send('GET', `/Groups/${team}?excludedAttributes=members`)).body)).not.toContain(
      'members',
    );
    const listed = await send(
      'GET',
      `/Groups?excludedAttributes=members&filter=${encodeURIComponent(`members[value eq "${id}"]`)}`,
    );
    expect(listed.body['Resources']).toEqual([expect.objectContaining({ id: team, displayName: 'Team' })]);
    expect(JSON.stringify(listed.body)).not.toContain('members');
  });
});

describe('changing', () => {
  it('applies operations in order, all or none', async () => {
    const { patch, send, user } = await client();
    const id = await user({ userName: 'a', title: 'T', emails: [{ type: 'work', value: 'w', primary: true }] });
    const changed = await patch(`/Users/${id}`, [
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'x' },
      { op: 'add', path: 'emails', value: [{ type: 'home', value: 'h', primary: true }] },
      { op: 'add', path: `${ENTERPRISE}:department`, value: 'D' },
      { op: 'remove', path: 'title' },
      { op: 'replace', value: { 'name.givenName': 'G', [ENTERPRISE]: { division: 'V' } } },
    ]);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      schemas: [USER, ENTERPRISE],
      emails: [
        { type: 'work', value: 'x', primary: false },
        { type: 'home', value: 'h', primary: true },
      ],
      [ENTERPRISE]: { department: 'D', division: 'V' },
      name: { givenName: 'G' },
    });
    const before = (await send('GET', `/Users/${id}`)).body;
    const refused = await patch(`/Users/${id}`, [
      { op: 'replace', path: 'title', value: 'U' },
      { op: 'replace', path: 'active', value: 'False' },
    ]);
    expect(refused).toMatchObject(refusal(400, 'invalidValue'));
    expect((await send('GET', `/Users/${id}`)).body).toEqual(before);
  });

  it.each([
    ['replace', 'addresses[type eq "work"].locality', 'noTarget'],
    ['add', 'phoneNumbers[type eq "mobile"].value', 'noTarget'],
    ['add', 'shoeSize', 'invalidPath'],
    ['add', 'name.shoeSize', 'invalidPath'],
    ['add', 'urn:example:2.0:User:label1', 'invalidPath'],
    ['add', 'emails[type eq].value', 'invalidPath'],
    ['add', 'id', 'mutability'],
    ['remove', 'userName', 'invalidValue'],
  ])('refuses %s %s', async (op, path, scimType) => {
    const { patch, user } = await client();
    const id = await user({ userName: 'a', emails: [{ type: 'home', value: 'h' }] });
    expect(await patch(`/Users/${id}`, [{ op, path, value: 'v' }])).toMatchObject(refusal(400, scimType));
  });

  it('sets and clears a manager by id', async () => {
    const { patch, user } = await client();
    const [boss, other, id] = [
      await user({ userName: 'boss' }),
      await user({ userName: 'other' }),
      await user({ userName: 'a' }),
    ];
    const path = `${ENTERPRISE}:manager`;
    expect((await patch(`/Users/${id}`, [{ op: 'add', path, value: { value: boss } }])).body).toMatchObject({
      [ENTERPRISE]: { manager: { value: boss } },
    });
    expect((await patch(`/Users/${id}`, [{ op: 'replace', path, value: { value: other } }])).body).toMatchObject({
      [ENTERPRISE]: { manager: { value: other } },
    });
    expect(await patch(`/Users/${id}`, [{ op: 'replace', path, value: { value: 'nobody' } }])).toMatchObject(
      refusal(400, 'invalidValue'),
    );
    expect(Object.keys((await patch(`/Users/${id}`, [{ op: 'remove', path }])).body)).not.toContain(ENTERPRISE);
  });

  it('keeps names unique and finds a renamed user by the new name only', async () => {
    const app = await client();
    await app.user({ userName: 'taken' });
    const id = await app.user({ userName: 'a' });
    expect(await app.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: 'TAKEN' }])).toMatchObject(
      refusal(409, 'uniqueness'),
    );
    expect((await app.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: 'A' }])).status).toBe(200);
    expect((await app.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: 'b' }])).status).toBe(200);
    expect(await found(app, 'Users', 'userName eq "a"')).toEqual([]);
    expect(await found(app, 'Users', 'userName eq "b"')).toEqual(['b']);
  });

  it('replaces the whole resource by PUT and keeps id and creation', async () => {
    const { send, user } = await client();
    const id = await user({ userName: 'a', title: 'T' });
    const before = (await send('GET', `/Users/${id}`)).body;
    const after = (await send('PUT', `/Users/${id}`, { schemas: [USER], id: 'other', userName: 'a', nickName: 'N' }))
      .body;
    expect(after).toMatchObject({
      id,
      userName: 'a',
      nickName: 'N',
      meta: { created: (before['meta'] as JsonObject)['created'] },
    });
    expect(Object.keys(after)).not.toContain('title');
  });

  it('answers 404 for what is gone and 204 for a deletion', async () => {
    const { send, user } = await client();
    const id = await user({ userName: 'a' });
    expect((await send('DELETE', `/Users/${id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect(await send(method, `/Users/${id}`)).toMatchObject(refusal(404));
    expect(await send('PUT', `/Users/${id}`, { schemas: [USER], userName: 'a' })).toMatchObject(refusal(404));
    expect((await send('POST', '/Users', { schemas: [USER], userName: 'a' })).status).toBe(201);
  });
});

describe('members', () => {
  const members = ({ simulator }: Client, group = 0): readonly unknown[] =>
    ((simulator.state().groups[group]?.['members'] ?? []) as readonly JsonObject[]).map((each) => each['value']);

  it('are added and removed in every form, a repeated member once', async () => {
    const app = await client();
    const [a, b, c] = [
      await app.user({ userName: 'a' }),
      await app.user({ userName: 'b' }),
      await app.user({ userName: 'c' }),
    ];
    const group = `/Groups/${await app.group('G', [a])}`;
    expect(
      (await app.patch(group, [{ op: 'add', path: 'members', value: [{ value: a }, { value: b, $ref: null }] }]))
        .status,
    ).toBe(204);
    expect(members(app)).toEqual([a, b]);
    await app.patch(group, [{ op: 'remove', path: `members[value eq "${a}"]` }]);
    expect(members(app)).toEqual([b]);
    await app.patch(group, [{ op: 'add', value: { members: [{ value: a }, { value: c }] } }]);
    await app.patch(group, [{ op: 'remove', path: 'members', value: [{ $ref: null, value: b }] }]);
    expect(members(app)).toEqual([a, c]);
    await app.patch(group, [{ op: 'replace', path: 'members', value: [{ value: b }] }]);
    expect(members(app)).toEqual([b]);
    await app.patch(group, [{ op: 'remove', path: 'members' }]);
    expect(members(app)).toEqual([]);
  });

  it('must exist; more than a hundred changes at once are too many', async () => {
    const app = await client({ seedUsers: 101 });
    const everybody = app.simulator.state().users.map((each) => ({ value: each['id'] as string }));
    const id = await app.group('G');
    expect(
      await app.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value: 'nobody' }] }]),
    ).toMatchObject(refusal(400, 'invalidValue'));
    expect(await app.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value: id }] }])).toMatchObject(
      refusal(400, 'invalidValue'),
    );
    expect(await app.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: everybody }])).toMatchObject(
      refusal(400, 'tooMany'),
    );
    expect(members(app)).toEqual([]);
    expect((await app.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: everybody.slice(1) }])).status).toBe(
      204,
    );
    expect(members(app)).toHaveLength(100);
  });

  it('leave with the account or the group they are', async () => {
    const app = await client();
    const [a, b] = [await app.user({ userName: 'a' }), await app.user({ userName: 'b' })];
    const inner = await app.group('Inner', [a]);
    await app.group('Outer', [a, b, inner]);
    await app.send('DELETE', `/Users/${a}`);
    await app.send('DELETE', `/Groups/${inner}`);
    expect(members(app)).toEqual([b]);
    expect(app.simulator.state().groups).toHaveLength(1);
  });
});

describe('the service', () => {
  it('wants the token', async () => {
    const { send } = await client();
    for (const authorization of ['', 'Bearer wrong', `Basic ${token}`]) {
      const answer = await send('GET', '/Users', undefined, { authorization });
      expect(answer).toMatchObject(refusal(401));
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('describes itself', async () => {
    const { send } = await client();
    expect((await send('GET', '/ServiceProviderConfig')).body).toMatchObject({
      patch: { supported: true },
      filter: { maxResults: 200 },
    });
    expect((await send('GET', '/ResourceTypes')).body).toMatchObject({ totalResults: 2 });
    expect((await send('GET', `/Schemas/${USER}`)).body).toMatchObject({ id: USER, name: 'User' });
    expect((await send('GET', '/Schemas')).body).toMatchObject({ totalResults: 3 });
    expect(await send('GET', '/Nothing')).toMatchObject(refusal(404));
    expect(await send('PATCH', '/Users', {})).toMatchObject(refusal(405));
    expect(await send('POST', '/Bulk', {})).toMatchObject(refusal(501));
  });

  it('keeps its state over a restart, and a line torn by a crash does no harm', async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), 'scim-')), 'deep', 'state.jsonl');
    const first = await client({ dataFile });
    const [a, b] = [await first.user({ userName: 'a', title: 'T' }), await first.user({ userName: 'b' })];
    const group = await first.group('G', [a, b]);
    await first.patch(`/Users/${a}`, [{ op: 'replace', path: 'title', value: 'U' }]);
    await first.patch(`/Groups/${group}`, [{ op: 'remove', path: `members[value eq "${b}"]` }]);
    await first.user({ userName: 'c' }).then((id) => first.send('DELETE', `/Users/${id}`));
    const before = first.simulator.state();
    await first.simulator.close();
    writeFileSync(dataFile, `${readFileSync(dataFile, 'utf8')}["put","Users",{"id":"torn`);
    const second = await client({ dataFile, seedUsers: 5 });
    const unplaced = (state: typeof before, { simulator }: Client): unknown =>
      JSON.parse(JSON.stringify(state).replaceAll(simulator.url, ''));
    expect(unplaced(second.simulator.state(), second)).toEqual(unplaced(before, first));
    expect((await second.send('POST', '/Users', { schemas: [USER], userName: 'A' })).status).toBe(409);
  });

  it('says in one sentence that its port is in use', async () => {
    const { simulator } = await client();
    await expect(startScimSimulator({ port: simulator.port, token, name: 'second' })).rejects.toThrow(
      new RegExp(`^Port ${String(simulator.port)} on 127.0.0.1 is in use, so the SCIM simulator second`),
    );
  });
});

describe('control', () => {
  const control = async ({ simulator }: Client, method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(new URL(`/simulator/${path}`, simulator.url), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('counts and logs requests until the reset', async () => {
    const app = await client();
    await app.user({ userName: 'a' });
    await app.send('GET', '/Users?count=1', undefined, { 'user-agent': 'test/1', 'x-correlation-id': 'c-1' });
    const report = app.simulator.requests();
    expect(report).toMatchObject({
      total: 2,
      reads: 1,
      writes: 1,
      byMethod: { POST: 1, GET: 1 },
      byStatus: { 201: 1, 200: 1 },
    });
    expect(report.log).toMatchObject([
      { method: 'POST', path: '/Users', status: 201, body: { userName: 'a' } },
      { method: 'GET', path: '/Users?count=1', status: 200, userAgent: 'test/1', correlationId: 'c-1', body: null },
    ]);
    expect(await (await control(app, 'GET', 'requests')).json()).toEqual(report);
    await control(app, 'POST', 'requests/reset');
    expect(app.simulator.requests()).toMatchObject({ total: 0, log: [] });
    expect(await (await control(app, 'GET', 'state')).json()).toEqual(app.simulator.state());
  });

  it('makes the next requests fail as told, then recovers', async () => {
    const app = await client();
    await control(app, 'POST', 'faults', { failNext: 1, status: 429, retryAfter: 7 });
    const throttled = await app.send('GET', '/Users');
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '7']);
    await control(app, 'POST', 'faults', { failNext: 1, status: 500, html: true, failMethods: ['POST'] });
    expect((await app.send('GET', '/Users')).status).toBe(200);
    const page = await fetch(`${app.simulator.url}/Users`, { method: 'POST' });
    expect([page.status, page.headers.get('content-type')]).toEqual([500, 'text/html']);
    expect((await app.send('GET', '/Users')).status).toBe(200);
  });

  it('breaks connections before or after the effect', async () => {
    const app = await client();
    await control(app, 'POST', 'faults', { failNext: 1, dropConnection: true });
    await expect(app.user({ userName: 'before' })).rejects.toThrow();
    expect(app.simulator.state().users).toEqual([]);
    await control(app, 'POST', 'faults', { failNext: 1, dropConnection: 'after' });
    await expect(app.user({ userName: 'after' })).rejects.toThrow();
    expect(app.simulator.state().users).toMatchObject([{ userName: 'after' }]);
  });

  it('refuses users by name, and refuses knobs it does not have', async () => {
    const app = await client();
    await control(app, 'POST', 'faults', { rejectUserNames: ['Poison'] });
    expect(await app.send('POST', '/Users', { schemas: [USER], userName: 'poison' })).toMatchObject(
      refusal(400, 'invalidValue'),
    );
    expect((await control(app, 'POST', 'faults', { failNxt: 1 })).status).toBe(400);
    expect(await (await control(app, 'POST', 'faults', { failNext: 'x' })).json()).toMatchObject({
      detail: 'Fault failNext must be a whole number, 0 or more.',
    });
  });
});
