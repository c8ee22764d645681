import { afterEach, describe, expect, it } from 'vitest';
import { memoryMirror } from '../support/memory-mirror.ts';
import { TENANT, openReader, recordedLog, select } from '../support/reader.ts';
import { graphError, scriptedGraph } from '../support/scripted-graph.ts';
import type { Reply } from '../support/scripted-graph.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const notFound = graphError('Request_ResourceNotFound');
const assignment = (id: string) => ({ id, principalId: `p-${id}`, principalType: 'User', appRoleId: 'role' });

/** What `appRoleAssignedTo` lists in pages of two, and what exists when asked for by its own id. */
interface Directory {
  listed: readonly string[];
  existing: readonly string[];
  application: boolean;
  secondPage?: Reply;
}

async function world(directory: Directory) {
  const roles = [{ id: 'role', value: 'admin', displayName: 'Admin', isEnabled: false }];
  const item = ({ id, url }: { id: string; url: string }) => {
    const asked = decodeURIComponent(url.split('/').at(-1) ?? '');
    return directory.existing.includes(asked)
      ? { id, status: 200, body: assignment(asked) }
      : { id, status: 404, body: notFound };
  };
  const list = (asked: string): Reply => {
    const page = Number(/\$skiptoken=(\d+)/.exec(asked)?.[1] ?? '0');
    if (page === 1 && directory.secondPage !== undefined) return directory.secondPage;
    const value = directory.listed.slice(page * 2, page * 2 + 2).map(assignment);
    const next = `https://localhost:1/v1.0/servicePrincipals/sp/appRoleAssignedTo?$skiptoken=${String(page + 1)}`;
    return { json: { value, ...(directory.listed.length > page * 2 + 2 ? { '@odata.nextLink': next } : {}) } };
  };
  const graph = await scriptedGraph({
    graph: (asked, _, body) => {
      if (asked.includes('/delta'))
        return {
          json: {
            value: [],
            '@odata.deltaLink': `https://localhost:1/v1.0/${asked.includes('/users') ? 'users' : 'groups'}/delta?$deltatoken=1`,
          },
        };
      if (asked.startsWith('POST'))
        return { json: { responses: (body as { requests: { id: string; url: string }[] }).requests.map(item) } };
      if (!directory.application) return { status: 404, json: notFound };
      return asked.includes('/appRoleAssignedTo')
        ? list(asked)
        : { json: { id: 'sp', appId: 'app', displayName: 'Demo', appRoles: roles } };
    },
  });
  const mirror = memoryMirror();
  const log = recordedLog();
  const reader = openReader({ ...graph, mirror: mirror.writer, log });
  closers.push(
    () => reader.close(),
    () => graph.close(),
  );
  const refresh = () => reader.refresh({ tenantId: TENANT, select, servicePrincipalIds: ['sp'] });
  return { graph, mirror, log, refresh, assignments: () => mirror.assignments(TENANT, 'sp') };
}

describe('the assignments of an application', () => {
  it('are listed to the end, with the application and its roles', async () => {
    const w = await world({ listed: ['1', '2', '3', '4', '5'], existing: [], application: true });
    await w.refresh();
    expect(await w.assignments()).toEqual(['1', '2', '3', '4', '5']);
    expect(await w.mirror.servicePrincipal(TENANT, 'sp')).toMatchObject({
      id: 'sp',
      appId: 'app',
      displayName: 'Demo',
      appRoles: [{ id: 'role', value: 'admin', displayName: 'Admin', isEnabled: false }],
    });
  });

  it('invariant 1: are dropped only when their own id is not found, and kept when the listing left them out', async () => {
    const directory = { listed: ['1', '2', 'a/b', '4'], existing: [] as string[], application: true };
    const w = await world(directory);
    await w.refresh();
    directory.listed = ['1'];
    directory.existing = ['1', 'a/b'];
    await w.refresh();
    expect(await w.assignments()).toEqual(['1', 'a/b']);
    expect(w.log.lines.some((line) => line.includes('left out some that still exist'))).toBe(true);
  });

  it('invariant 1: stay as they are when the application itself is gone, and other applications are read all the same', async () => {
    const directory = { listed: ['1'], existing: [] as string[], application: true };
    const w = await world(directory);
    await w.refresh();
    directory.application = false;
    expect(await w.refresh()).toMatchObject({ tenantId: TENANT });
    expect(await w.assignments()).toEqual(['1']);
    expect(
      w.log.lines.some((line) => line.includes('does not know this service principal') && line.includes('"sp"')),
    ).toBe(true);
  });

  it.each<[string, Reply]>([
    ['is refused', { status: 400, json: graphError('BadRequest') }],
    ['is gone', { status: 404, json: notFound }],
    ['lacks a principal', { json: { value: [{ id: '3', principalType: 'User', appRoleId: 'role' }] } }],
    ['has a principal of an unknown kind', { json: { value: [{ ...assignment('3'), principalType: 'Robot' }] } }],
    [
      'links to itself',
      {
        json: {
          value: [],
          '@odata.nextLink': 'https://localhost:1/v1.0/servicePrincipals/sp/appRoleAssignedTo?$skiptoken=1',
        },
      },
    ],
  ])('invariant 2: stay as they are when a later page of the listing %s', async (_, secondPage) => {
    const directory: Directory = { listed: ['1', '2', '3'], existing: [], application: true };
    const w = await world(directory);
    await w.refresh();
    directory.secondPage = secondPage;
    await expect(w.refresh()).rejects.toMatchObject({ code: 'DirectoryReadIncomplete' });
    expect(await w.assignments()).toEqual(['1', '2', '3']);
  });
});
