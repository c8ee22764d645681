// Each way in which a directory is known to answer as if people were gone. What it says is scripted over a tenant that
// answers honestly wherever a test does not lie for it.
import { afterEach, describe, expect, it } from 'vitest';
import { memoryMirror } from '../support/memory-mirror.ts';
import { TENANT, openReader, recordedLog, select } from '../support/reader.ts';
import { graphError, scriptedGraph } from '../support/scripted-graph.ts';
import type { Reply } from '../support/scripted-graph.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Tenant {
  users: readonly string[];
  bin: readonly string[];
  /** Members by group. */
  groups: Readonly<Record<string, readonly string[]>>;
  assignments: readonly string[];
}
/** Answers in place of the tenant; `null`: it answers itself. `time` counts requests for the same thing. */
type Lie = (asked: string, time: number) => Reply | null;

const API = 'https://localhost:1/v1.0';
const notFound = graphError('Request_ResourceNotFound');
const lost: Reply = { status: 410, json: graphError('Gone') };
const people = (count: number, prefix = 'u') =>
  Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(4, '0')}`);
const page = (value: readonly object[], link: object = {}): Reply => ({ json: { value, ...link } });
const next = (path: string) => ({ '@odata.nextLink': `${API}${path}` });
const delta = (path: string) => ({ '@odata.deltaLink': `${API}${path}` });
const userEntry = (id: string) => ({ id, displayName: id });
const memberEntry = (id: string) => ({ '@odata.type': '#microsoft.graph.user', id });
const groupEntry = (id: string, members: readonly string[]) => ({
  id,
  displayName: id,
  'members@delta': members.map(memberEntry),
});
const assignment = (id: string) => ({ id, principalId: `p-${id}`, principalType: 'User', appRoleId: 'role' });

const found = (body: object | false): Reply => (body === false ? { status: 404, json: notFound } : { json: body });
const listed = (ids: readonly string[] | undefined): Reply =>
  found(ids !== undefined && { value: ids.map(memberEntry) });

const answers: readonly (readonly [RegExp, (tenant: Tenant, path: string, id: string) => Reply])[] = [
  [/\/delta\?\$deltatoken=/, (_, path) => page([], delta(path))],
  [/^\/users\/delta/, ({ users }) => page(users.map(userEntry), delta('/users/delta?$deltatoken=u'))],
  [
    /^\/groups\/delta/,
    ({ groups }) =>
      page(
        Object.entries(groups).map(([id, members]) => groupEntry(id, members)),
        delta('/groups/delta?$deltatoken=g'),
      ),
  ],
  [/^\/groups\/(\w+)\/members/, ({ groups }, _, id) => listed(groups[id])],
  [
    /^\/users\/(\w+)\/memberOf/,
    ({ groups }, _, id) => listed(Object.keys(groups).filter((group) => groups[group]?.includes(id))),
  ],
  [/^\/users\/(\w+)/, ({ users }, _, id) => found(users.includes(id) && { id })],
  [/^\/groups\/(\w+)/, ({ groups }, _, id) => found(id in groups && { id })],
  [/^\/directory\/deletedItems\/(\w+)/, ({ bin }, _, id) => found(bin.includes(id) && { id })],
  [/\/appRoleAssignedTo\/(\w+)/, ({ assignments }, _, id) => found(assignments.includes(id) && assignment(id))],
  [/\/appRoleAssignedTo\?/, ({ assignments }) => page(assignments.map(assignment))],
  [/^\/servicePrincipals\/(\w+)\?/, (_, __, id) => found({ id, appId: 'app', displayName: 'Demo', appRoles: [] })],
];

function honest(tenant: Tenant, path: string): Reply {
  const [pattern, answer] = answers.find(([each]) => each.test(path)) ?? [];
  if (pattern === undefined || answer === undefined) return { status: 500, json: graphError('NotScripted', path) };
  return answer(tenant, path, pattern.exec(path)?.[1] ?? '');
}

interface Batch {
  readonly requests: readonly { readonly id: string; readonly url: string }[];
}

async function world(tenant: Tenant) {
  const mirror = memoryMirror();
  const log = recordedLog();
  const times = new Map<string, number>();
  let lie: Lie = () => null;
  const answer = (path: string): Reply => {
    const time = (times.get(path) ?? 0) + 1;
    times.set(path, time);
    return lie(path, time) ?? honest(tenant, path);
  };
  const graph = await scriptedGraph({
    graph: (asked, _, body) => {
      if (!asked.startsWith('POST')) return answer(asked.replace('GET /v1.0', ''));
      const responses = (body as Batch).requests.map(({ id, url }) => {
        const reply = answer(decodeURIComponent(url)) as { status?: number; json: unknown };
        return { id, status: reply.status ?? 200, body: reply.json };
      });
      return { json: { responses } };
    },
  });
  const reader = openReader({ ...graph, mirror: mirror.writer, log });
  closers.push(
    () => reader.close(),
    () => graph.close(),
  );
  const gone = async (ids: readonly string[]) => {
    const objects = await Promise.all(ids.map((id) => mirror.object(TENANT, id)));
    return ids.filter((_, n) => objects[n]?.presence !== 'live');
  };
  return {
    mirror,
    log,
    gone,
    lying: (as: Lie) => {
      times.clear();
      lie = as;
    },
    refresh: () => reader.refresh({ tenantId: TENANT, select, servicePrincipalIds: ['sp'] }),
    members: async (group: string) =>
      (await mirror.memberships(TENANT, group)).filter((m) => m.present).map((m) => m.memberId),
    assignments: () => mirror.assignments(TENANT, 'sp'),
  };
}
type World = Awaited<ReturnType<typeof world>>;

const tenantOf = (more: Partial<Tenant> = {}): Tenant => ({
  users: people(100),
  bin: [],
  groups: { g: people(100) },
  assignments: people(100, 'a'),
  ...more,
});
const incomplete = (words: string) => ({
  code: 'DirectoryReadIncomplete',
  message: expect.stringContaining(words) as string,
});
/** The delta link of users is lost, so that all of them are read again. */
const readAgain =
  (resource: 'users' | 'groups', lie: Lie): Lie =>
  (path, time) =>
    path.startsWith(`/${resource}/delta?$deltatoken=`) && time === 1 ? lost : lie(path, time);
const isFullRead = (path: string, resource: 'users' | 'groups'): boolean =>
  path.startsWith(`/${resource}/delta?$select`);

/** A refresh that fails so, and nothing is gone of what was there; the next one of an honest directory is in step. */
async function expectRefused(w: World, tenant: Tenant, words: string): Promise<void> {
  const before = [await w.members('g'), await w.assignments()];
  await expect(w.refresh()).rejects.toMatchObject(incomplete(words));
  expect(await w.gone(people(100))).toEqual([]);
  expect([await w.members('g'), await w.assignments()]).toEqual(before);
  w.lying(() => null);
  tenant.users = tenant.users.filter((id) => id !== 'u0001');
  tenant.bin = ['u0001'];
  w.lying(readAgain('users', () => null));
  await w.refresh();
  await w.refresh();
  expect(await w.gone(people(100))).toEqual(['u0001']);
}

describe('invariant 2: nobody is gone because Graph', () => {
  it.each<[string, Lie, string]>([
    [
      'answers an empty user list',
      (path) => (isFullRead(path, 'users') ? page([], delta('/users/delta?$deltatoken=v')) : null),
      'listed no user at all, and 100 are known',
    ],
    [
      'lost its delta link and breaks off half-way through the full read',
      (path) => {
        if (isFullRead(path, 'users')) return page(people(50).map(userEntry), next('/users/delta?$skiptoken=half'));
        return path === '/users/delta?$skiptoken=half' ? { status: 500, json: graphError('UnknownError') } : null;
      },
      '500',
    ],
    [
      'sends its reader round a cycle of links',
      (path) => {
        if (isFullRead(path, 'users')) return page(people(20).map(userEntry), next('/users/delta?$skiptoken=1'));
        const [, at] = /^\/users\/delta\?\$skiptoken=(\d)/.exec(path) ?? [];
        if (at === undefined) return null;
        return page(
          people(20).map(userEntry),
          next(`/users/delta?$skiptoken=${at === '3' ? '1' : String(Number(at) + 1)}`),
        );
      },
      'would never end: a page links to a page that was read before',
    ],
    [
      'ends its answer in the middle of the JSON',
      (path) => (isFullRead(path, 'users') ? { text: '{"value":[{"id":"u0000","displayName":"u00' } : null),
      'JSON',
    ],
    [
      'answers a page that leads nowhere',
      (path) => (isFullRead(path, 'users') ? page(people(3).map(userEntry)) : null),
      'neither a next link nor a delta link',
    ],
    [
      'says of each that it does not exist, and says otherwise when asked again',
      (path, time) => {
        if (isFullRead(path, 'users')) return page(people(20).map(userEntry), delta('/users/delta?$deltatoken=v'));
        return path.startsWith('/users/u') && time === 1 ? { status: 404, json: notFound } : null;
      },
      'said that 80 of 100 users do not exist, and said otherwise when it was asked again',
    ],
  ])('%s', async (_, lie, words) => {
    const tenant = tenantOf();
    const w = await world(tenant);
    await w.refresh();
    w.lying(readAgain('users', lie));
    await expectRefused(w, tenant, words);
  });

  it('refuses a delta link, as that of another tenant', async () => {
    const w = await world(tenantOf());
    await w.refresh();
    w.lying((path) =>
      path.startsWith('/users/delta?$deltatoken=')
        ? { status: 403, json: graphError('Authorization_RequestDenied') }
        : null,
    );
    await expect(w.refresh()).rejects.toMatchObject({ code: 'DirectoryInvalidCredentials' });
    expect(await w.gone(people(100))).toEqual([]);
    w.lying((path) =>
      path.startsWith('/users/delta?$deltatoken=') ? { status: 400, json: graphError('Request_BadRequest') } : null,
    );
    await w.refresh();
    expect(await w.gone(people(100))).toEqual([]);
  });

  it('answers an empty list of groups', async () => {
    const groups = Object.fromEntries(people(60, 'g').map((id) => [id, ['u0001']]));
    const w = await world(tenantOf({ groups }));
    await w.refresh();
    w.lying(
      readAgain('groups', (path) =>
        isFullRead(path, 'groups') ? page([], delta('/groups/delta?$deltatoken=h')) : null,
      ),
    );
    await w.refresh();
    expect(await w.gone(people(60, 'g'))).toEqual([]);
    expect(await w.members('g0001')).toEqual(['u0001']);
  });

  it('repeats pages, and objects over several pages', async () => {
    const w = await world(tenantOf());
    const pages: Lie = (path) => {
      const half = people(100).slice(0, 60).map(userEntry);
      if (isFullRead(path, 'users')) return page(half, next('/users/delta?$skiptoken=1'));
      if (path === '/users/delta?$skiptoken=1') return page(half, next('/users/delta?$skiptoken=2'));
      const rest = people(100).slice(40).map(userEntry);
      return path === '/users/delta?$skiptoken=2' ? page(rest, delta('/users/delta?$deltatoken=u')) : null;
    };
    w.lying(pages);
    await w.refresh();
    const before = await w.mirror.object(TENANT, 'u0050');
    expect(await w.gone(people(100))).toEqual([]);
    w.lying(readAgain('users', pages));
    await w.refresh();
    expect(await w.mirror.object(TENANT, 'u0050')).toEqual(before);
  });
});

describe('invariant 1: what is believed', () => {
  it('is what each of many ids says twice', async () => {
    const tenant = tenantOf();
    const w = await world(tenant);
    await w.refresh();
    tenant.users = people(20);
    tenant.bin = people(60).slice(20);
    w.lying(readAgain('users', () => null));
    await w.refresh();
    expect(await w.gone(people(100))).toEqual(people(100).slice(20));
    expect((await w.mirror.object(TENANT, 'u0030'))?.presence).toBe('soft-deleted');
    expect((await w.mirror.object(TENANT, 'u0090'))?.presence).toBe('hard-deleted');
    expect(w.log.lines.some((line) => line.includes('it is asked again'))).toBe(true);
  });

  it('of the members of a group is a list read to its end, not the slices of a full read', async () => {
    const tenant = tenantOf({ users: people(1200), groups: { g: people(1200) } });
    const w = await world(tenant);
    await w.refresh();
    const partial = (end: Reply): Lie =>
      readAgain('groups', (path) => {
        if (isFullRead(path, 'groups'))
          return page([groupEntry('g', people(300))], delta('/groups/delta?$deltatoken=h'));
        if (path.startsWith('/groups/g/members?$select'))
          return page(people(999).map(memberEntry), next('/groups/g/members?$skiptoken=1'));
        return path === '/groups/g/members?$skiptoken=1' ? end : null;
      });
    w.lying(partial({ broken: 'cut' }));
    await expect(w.refresh()).rejects.toMatchObject({ code: 'DirectoryReadIncomplete' });
    expect(await w.members('g')).toEqual(people(1200));
    w.lying(partial(page(people(1200).slice(999, 1190).map(memberEntry))));
    await w.refresh();
    expect(await w.members('g')).toEqual(people(1190));
  });

  it('of many who left a group is that they say so too', async () => {
    const tenant = tenantOf();
    const w = await world(tenant);
    await w.refresh();
    const short = readAgain('groups', (path) => {
      if (isFullRead(path, 'groups')) return page([groupEntry('g', [])], delta('/groups/delta?$deltatoken=h'));
      return path.startsWith('/groups/g/members') ? page([]) : null;
    });
    w.lying(short);
    await expect(w.refresh()).rejects.toMatchObject(incomplete('left 100 members out of its list of group g'));
    expect(await w.members('g')).toEqual(people(100));
    tenant.groups = { g: [] };
    w.lying(() => null);
    await w.refresh();
    expect(await w.members('g')).toEqual([]);
  });
});

describe('the assignments of an application stay because Graph', () => {
  it.each<[string, Lie, object]>([
    ['answers an empty list', (path) => (path.includes('/appRoleAssignedTo?') ? page([]) : null), { ok: true }],
    [
      'denies the application',
      (path) =>
        path.startsWith('/servicePrincipals') ? { status: 403, json: graphError('Authorization_RequestDenied') } : null,
      { code: 'DirectoryInvalidCredentials' },
    ],
    [
      'does not know the application',
      (path) => (path.startsWith('/servicePrincipals') ? { status: 404, json: notFound } : null),
      { ok: true },
    ],
    [
      'cuts the list off',
      (path) => {
        if (path.includes('/appRoleAssignedTo?$top'))
          return page([assignment('a0001')], next('/servicePrincipals/sp/appRoleAssignedTo?$skiptoken=1'));
        return path.includes('/appRoleAssignedTo?$skiptoken') ? { text: '{"value":[{"id":"a00' } : null;
      },
      { code: 'DirectoryReadIncomplete' },
    ],
    [
      'says of each that it does not exist, and says otherwise when asked again',
      (path, time) => {
        if (path.includes('/appRoleAssignedTo?')) return page([]);
        return path.includes('/appRoleAssignedTo/') && time === 1 ? { status: 404, json: notFound } : null;
      },
      incomplete('said that 100 of 100 assignments of the service principal sp do not exist'),
    ],
  ])('%s', async (_, lie, outcome) => {
    const w = await world(tenantOf());
    await w.refresh();
    w.lying(lie);
    const ended: unknown = await w.refresh().then(
      () => ({ ok: true }),
      (error: unknown) => error,
    );
    expect(ended).toMatchObject(outcome);
    expect(await w.assignments()).toEqual(people(100, 'a'));
  });
});
