// The writes of an administrator's script, refused where Graph refuses them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gallery } from '../../../config/applications/gallery.ts';
import { openWorld, type Body, type Item, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ applicationTemplates: gallery });
});
afterAll(() => world.close());

const person = (name: string) => ({
  displayName: name,
  userPrincipalName: `${name}@contoso.example`,
  mailNickname: name,
  accountEnabled: true,
});
const reference = (id: string) => ({ '@odata.id': `${world.mock.url}/v1.0/directoryObjects/${id}` });
const status = async (method: string, path: string, body?: unknown): Promise<number> =>
  (await world.call(method, path, body)).status;
const create = async (path: string, body: object): Promise<string> => {
  const answer = await world.call('POST', path, body);
  expect(answer.status).toBe(201);
  return String(answer.body['id']);
};
const group = (extra = {}) => ({
  displayName: 'G',
  mailEnabled: false,
  mailNickname: 'g',
  securityEnabled: true,
  ...extra,
});
const ids = (body: Body): readonly string[] => body.value.map(({ id }: Item) => id);

describe('users', () => {
  it('are created, changed and deleted', async () => {
    const id = await create('/users', { ...person('trinity'), passwordProfile: { password: 'Not-kept-1' } });
    expect(
      await status('PATCH', `/users/${id}`, {
        department: 'Zion',
        onPremisesExtensionAttributes: { extensionAttribute2: 'b' },
      }),
    ).toBe(204);
    expect(
      await status('PATCH', '/users/trinity@contoso.example', {
        onPremisesExtensionAttributes: { extensionAttribute3: 'c' },
      }),
    ).toBe(204);
    expect(await world.get(`/users/${id}?$select=department,onPremisesExtensionAttributes`)).toMatchObject({
      department: 'Zion',
      onPremisesExtensionAttributes: { extensionAttribute2: 'b', extensionAttribute3: 'c' },
    });
    expect(await status('DELETE', `/users/${id}`)).toBe(204);
    expect(await status('GET', `/users/${id}`)).toBe(404);
  });

  it.each(['displayName', 'userPrincipalName', 'mailNickname', 'accountEnabled'])(
    'are refused without %s, naming it',
    async (name) => {
      const body = Object.fromEntries(Object.entries(person('nobody')).filter(([key]) => key !== name));
      const answer = await world.call('POST', '/users', body);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'Request_BadRequest' } } });
      expect(answer.body.error?.message).toContain(name);
    },
  );

  it.each([
    { shoeSize: '44' },
    { accountEnabled: 'yes' },
    { id: 'x' },
    { jobTitle: '' },
    { userPrincipalName: 'ünicode@contoso.example' },
    { displayName: null },
  ])('refuse the change %o and stay as they are', async (change) => {
    const [before] = (await world.get('/users?$top=1')).value;
    expect(await status('PATCH', `/users/${before?.id ?? ''}`, change)).toBe(400);
    expect((await world.get('/users?$top=1')).value[0]).toEqual(before);
  });

  it('never share a userPrincipalName, whether generated or made by hand', async () => {
    const [generated] = (await world.get('/users?$top=1')).value;
    await create('/users', person('morpheus'));
    for (const taken of ['MORPHEUS@contoso.example', generated?.userPrincipalName]) {
      const answer = await world.call('POST', '/users', { ...person('x'), userPrincipalName: taken });
      expect(answer.status).toBe(400);
      expect(answer.body.error?.message).toBe(
        'Another object with the same value for property userPrincipalName already exists.',
      );
    }
  });

  it('leave their old name to others when they are renamed, or deleted', async () => {
    const id = await create('/users', person('cypher'));
    await world.call('PATCH', `/users/${id}`, { userPrincipalName: 'reagan@contoso.example' });
    const second = await create('/users', person('cypher'));
    await world.call('DELETE', `/users/${second}`);
    await create('/users', person('cypher'));
    expect(await status('POST', `/directory/deletedItems/${second}/restore`)).toBe(400);
  });

  it('go to the recycle bin with their id before their name, come back, or are gone for good', async () => {
    const [, , , user] = (await world.get('/users')).value;
    const id = user?.id ?? '';
    await world.call('DELETE', `/users/${id}`);
    const bin = (await world.all('/directory/deletedItems/microsoft.graph.user')).items.find((one) => one.id === id);
    expect(bin?.userPrincipalName).toBe(`${id.replaceAll('-', '')}${user?.userPrincipalName ?? ''}`);
    expect(bin?.['deletedDateTime']).toEqual(expect.any(String));
    expect(await status('POST', `/directory/deletedItems/${id}/restore`)).toBe(200);
    expect((await world.get(`/users/${id}`)).userPrincipalName).toBe(user?.userPrincipalName);
    await world.call('DELETE', `/users/${id}`);
    expect(await status('DELETE', `/directory/deletedItems/${id}`)).toBe(204);
    expect(await status('GET', `/directory/deletedItems/${id}`)).toBe(404);
    expect((await world.all('/users?$select=id')).items.map((one) => one.id)).not.toContain(id);
  });
});

describe('groups', () => {
  it('take and lose members, twice the same only once', async () => {
    const [a, b] = (await world.get('/users')).value;
    const id = await create(
      '/groups',
      group({ 'members@odata.bind': [`${world.mock.url}/v1.0/users('${a?.id ?? ''}')`] }),
    );
    expect(await status('POST', `/groups/${id}/members/$ref`, reference(a?.id ?? ''))).toBe(400);
    expect(
      await status('PATCH', `/groups/${id}`, { 'members@odata.bind': [reference(b?.id ?? '')['@odata.id']] }),
    ).toBe(204);
    expect(ids(await world.get(`/groups/${id}/members`))).toEqual([a?.id, b?.id]);
    expect(await status('DELETE', `/groups/${id}/members/${a?.id ?? ''}/$ref`)).toBe(204);
    expect(await status('DELETE', `/groups/${id}/members/${a?.id ?? ''}/$ref`)).toBe(404);
    expect(await status('POST', `/groups/${id}/members/$ref`, reference(crypto.randomUUID()))).toBe(404);
    expect(await status('POST', `/groups/${id}/members/$ref`, reference(id))).toBe(400);
    expect(ids(await world.get(`/groups/${id}/members`))).toEqual([b?.id]);
  });

  it('lose generated members, hide deleted ones, and show them again when they are restored', async () => {
    const [staff] = (await world.get('/groups?$top=1')).value;
    const path = `/groups/${staff?.id ?? ''}/members?$top=999&$select=id`;
    const [first = '', second = ''] = ids(await world.get(path));
    await world.call('DELETE', `/groups/${staff?.id ?? ''}/members/${first}/$ref`);
    await world.call('DELETE', `/users/${second}`);
    expect(ids(await world.get(path))).not.toContain(first);
    expect(ids(await world.get(path))).not.toContain(second);
    await world.call('POST', `/directory/deletedItems/${second}/restore`);
    expect(ids(await world.get(path))).toContain(second);
    expect(ids(await world.get(`/users/${second}/memberOf`))).toContain(staff?.id);
    expect(ids(await world.get(`/users/${first}/memberOf`))).not.toContain(staff?.id);
  });

  it('are bound to at most twenty members at once', async () => {
    const id = await create('/groups', group());
    const links = (await world.get('/users?$top=21')).value.map((one) => reference(one.id)['@odata.id']);
    expect(await status('PATCH', `/groups/${id}`, { 'members@odata.bind': links })).toBe(400);
    expect(ids(await world.get(`/groups/${id}/members`))).toEqual([]);
  });
});

describe('applications', () => {
  const template = '/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate';
  interface Made {
    readonly application: { readonly id: string; readonly appId: string };
    readonly servicePrincipal: {
      readonly id: string;
      readonly appRoles: readonly { readonly id: string; readonly displayName: string }[];
    };
  }
  const instantiate = async (displayName: string): Promise<Made> => {
    const { status: made, body } = await world.call('POST', template, { displayName });
    expect(made).toBe(201);
    return body as unknown as Made;
  };

  it('are made from a template with their service principal and its roles', async () => {
    const { application, servicePrincipal } = await instantiate('Intranet');
    expect(servicePrincipal.appRoles.map(({ displayName }) => displayName)).toEqual(['User', 'msiam_access']);
    expect((await world.get(`/applications/${application.id}`))['appId']).toBe(application.appId);
    const { id } = servicePrincipal;
    expect((await world.get(`/servicePrincipals(appId='${application.appId}')`))['id']).toBe(id);
    for (const filter of [
      `AppId eq '${application.appId}'`,
      "displayName eq 'Intranet'",
      "startswith(displayName,'Intra')",
    ])
      expect(ids(await world.get(`/servicePrincipals?$filter=${filter}&$select=id,appRoles`))).toEqual([id]);
  });

  it('of the gallery are found by name, and made with their roles and tags', async () => {
    const [found] = (await world.get("/applicationTemplates?$filter=displayName eq 'Jostle'")).value;
    expect(found).toMatchObject({ displayName: 'Jostle', publisher: 'Jostle Corporation' });
    const searched = await world.get('/applicationTemplates?$search="displayName:gtm"', {
      ConsistencyLevel: 'eventual',
    });
    expect(searched.value.map(({ displayName }) => displayName)).toEqual(['Gtmhub']);
    const { body } = await world.call('POST', `/applicationTemplates/${String(found?.id)}/instantiate`, {
      displayName: 'Our Jostle',
    });
    expect(body['servicePrincipal']).toMatchObject({
      applicationTemplateId: found?.id,
      appRoles: [{ displayName: 'User' }, { displayName: 'msiam_access' }],
      tags: ['WindowsAzureActiveDirectoryIntegratedApp', 'WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1'],
    });
  });

  it('give users and groups roles, seen from both ends and hidden while the principal is deleted', async () => {
    const { servicePrincipal } = await instantiate('Roles');
    const path = `/servicePrincipals/${servicePrincipal.id}/appRoleAssignedTo`;
    const [user] = (await world.get('/users?$top=1')).value;
    const [staff] = (await world.get('/groups?$top=1')).value;
    const assign = (principalId = '', appRoleId = servicePrincipal.appRoles[0]?.id) => ({
      principalId,
      resourceId: servicePrincipal.id,
      appRoleId,
    });
    const id = await create(path, assign(user?.id));
    await create(path, assign(staff?.id, '00000000-0000-0000-0000-000000000000'));
    expect(id).toMatch(/^[\w-]{43}$/);
    expect((await world.get(path)).value.map((one) => one['principalType'])).toEqual(['User', 'Group']);
    expect((await world.get(`${path}/${id}`))['principalDisplayName']).toBe(user?.displayName);
    expect(ids(await world.get(`/users/${user?.id ?? ''}/appRoleAssignments`))).toEqual([id]);
    expect(await status('POST', path, assign(user?.id))).toBe(400);
    expect(await status('POST', path, assign(user?.id, crypto.randomUUID()))).toBe(400);
    expect(await status('POST', path, assign(crypto.randomUUID()))).toBe(404);
    await world.call('DELETE', `/users/${user?.id ?? ''}`);
    expect((await world.get(path)).value.length).toBe(1);
    await world.call('POST', `/directory/deletedItems/${user?.id ?? ''}/restore`);
    expect(await status('DELETE', `${path}/${id}`)).toBe(204);
    expect(await status('DELETE', `${path}/${id}`)).toBe(404);
  });

  it('are renamed, deleted and restored', async () => {
    const { application, servicePrincipal } = await instantiate('Old');
    expect(await status('PATCH', `/applications/${application.id}`, { displayName: 'New' })).toBe(204);
    expect((await world.get(`/servicePrincipals/${servicePrincipal.id}`)).displayName).toBe('New');
    expect(await status('DELETE', `/applications/${application.id}`)).toBe(204);
    expect(await status('GET', `/servicePrincipals/${servicePrincipal.id}`)).toBe(404);
    expect(ids(await world.get('/directory/deletedItems/microsoft.graph.application'))).toContain(application.id);
    expect(await status('POST', `/directory/deletedItems/${application.id}/restore`)).toBe(200);
    expect(await status('GET', `/applications/${application.id}`)).toBe(200);
  });
});

describe('$batch', () => {
  interface Responses {
    readonly responses: readonly {
      readonly id: string;
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body?: Body;
    }[];
  }
  const batch = async (requests: readonly object[]): Promise<Responses['responses']> =>
    ((await world.call('POST', '/$batch', { requests })).body as unknown as Responses).responses;

  it('answers each request on its own, and skips those whose dependency failed', async () => {
    const json = { 'Content-Type': 'application/json' };
    const answers = await batch([
      { id: '1', method: 'GET', url: '/users?$top=2&$select=id' },
      { id: '2', method: 'GET', url: 'users/00000000-0000-4000-8000-000000000000' },
      { id: '3', method: 'POST', url: '/users', headers: json, body: person('tank'), dependsOn: ['2'] },
      { id: '4', method: 'POST', url: '/users', headers: json, body: person('dozer'), dependsOn: ['1'] },
      { id: '5', method: 'GET', url: '/users/$count', headers: { ConsistencyLevel: 'eventual' } },
    ]);
    expect(answers.map(({ status: one }) => one)).toEqual([200, 404, 424, 201, 200]);
    expect(answers[0]?.body?.value.length).toBe(2);
    expect(answers[0]?.body?.['@odata.nextLink']).toMatch(/\/v1\.0\/users\?\$top=2&\$select=id&\$skiptoken=/);
  });

  it('refuses more than twenty requests, repeated ids, and bodies without a type', async () => {
    const one = (id: string) => ({ id, method: 'GET', url: '/users' });
    const bad = [
      Array.from({ length: 21 }, (_, i) => one(String(i))),
      [one('a'), one('A')],
      [{ ...one('1'), method: 'POST', body: {} }],
      [],
    ];
    for (const requests of bad) expect(await status('POST', '/$batch', { requests })).toBe(400);
  });

  it('throttles its items one by one', async () => {
    await world.faults({ throttle: { every: 2, retryAfter: 'seconds', seconds: 7 } });
    const answers = await batch(['1', '2', '3'].map((id) => ({ id, method: 'GET', url: '/users?$top=1' })));
    await world.faults({ throttle: null });
    expect(answers.map(({ status: one }) => one)).toEqual([429, 200, 429]);
    expect(answers[0]?.headers['Retry-After']).toBe('7');
  });
});
