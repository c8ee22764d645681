// Whole cycles against SCIM servers that others wrote: what they do differently is the client's to survive.
import { afterEach, describe, expect, it } from 'vitest';

import { between } from '../support/between.ts';
import type { Between } from '../support/between.ts';
import { caller } from '../support/engine.ts';
import { startLife } from '../support/life.ts';
import type { Life } from '../support/life.ts';
import { startBetterAuth } from '../contract/servers/better-auth.ts';
import { startScimmy } from '../contract/servers/scimmy.ts';
import type { ForeignServer } from '../contract/servers/scimmy.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Account {
  readonly id: string;
  readonly userName: string;
  readonly active: boolean;
  readonly title?: string;
}
interface Team {
  readonly displayName: string;
  readonly members?: readonly { readonly value: string }[];
}

async function connected(server: ForeignServer): Promise<{ life: Life; front: Between }> {
  endings.push(() => server.close());
  const life = await startLife({ users: 6, groups: 1, syncAll: false });
  endings.push(() => life.close());
  const front = await between(server.url);
  endings.push(() => front.close());
  const secrets = { BaseAddress: front.url, SecretToken: server.token, SyncAll: 'false' };
  const root = `/v1.0/servicePrincipals/${life.servicePrincipalId}/synchronization`;
  await life.ok('POST', `${root}/jobs/${life.jobId}/validateCredentials`, {
    credentials: Object.entries(secrets).map(([key, value]) => ({ key, value })),
  });
  await life.ok('PUT', `${root}/secrets`, {
    value: Object.entries(secrets).map(([key, value]) => ({ key, value })),
  });
  return { life, front };
}

describe.each([
  ['SCIMMY', startScimmy],
  ['better-auth', startBetterAuth],
] as const)('%s', (_, start) => {
  it('is kept in step: created, changed, disabled, restored, grouped, deleted; unchanged, it is sent nothing', async () => {
    const server = await start();
    const { life, front } = await connected(server);
    const target = caller(server.url, server.token);
    const list = async <T>(type: string): Promise<readonly T[]> =>
      (await target<{ Resources: T[] }>('GET', `/${type}?count=100`)).body.Resources;
    const account = async (name: string): Promise<Account | undefined> =>
      (await list<Account>('Users')).find(({ userName }) => userName.startsWith(`${name}@`));
    const cycle = async (type: 'initial' | 'incremental' = 'incremental'): Promise<readonly string[]> => {
      front.seen.splice(0);
      const ended = await life.cycle(type);
      expect(ended.error ?? null).toBeNull();
      expect(ended.state).toBe('succeeded');
      return front.seen
        .filter(({ method }) => method !== 'GET')
        .map(({ method, url }) => `${method} /${url.split('/')[1] ?? ''}`);
    };
    const details = { jobTitle: 'Engineer', department: 'Research', city: 'Bern', givenName: 'Ada', surname: 'L' };
    const ada = await life.user('ada', details);
    const bob = await life.user('bob', details);
    const team = await life.group('Team', [ada, bob]);
    await life.setManager(bob, ada);
    await life.assign(ada);
    const takeBob = await life.assign(bob);
    const takeTeam = await life.assign(team);

    expect((await cycle('initial')).filter((write) => write.startsWith('POST'))).toEqual([
      'POST /Users',
      'POST /Users',
      'POST /Groups',
    ]);
    expect(await account('ada')).toMatchObject({ active: true, title: 'Engineer' });
    expect((await list<Team>('Groups'))[0]).toMatchObject({ displayName: 'Team', members: [{}, {}] });
    expect(await cycle()).toEqual([]);
    expect(await cycle('initial')).toEqual([]);

    await life.patchUser(ada, { jobTitle: 'Chief', city: 'Basel' });
    expect(await cycle()).toEqual(['PATCH /Users']);
    expect(await account('ada')).toMatchObject({ title: 'Chief' });

    await life.leave(team, bob);
    await takeBob();
    expect(await cycle()).toEqual(['PATCH /Users', 'PATCH /Groups']);
    expect(await account('bob')).toMatchObject({ active: false });
    expect((await list<Team>('Groups'))[0]?.members).toHaveLength(1);

    await life.assign(bob);
    expect(await cycle()).toEqual(['PATCH /Users']);
    expect(await account('bob')).toMatchObject({ active: true });

    await takeTeam();
    expect(await cycle()).toEqual(['DELETE /Groups']);
    await life.ok('DELETE', `/v1.0/users/${bob}`);
    await cycle();
    await life.ok('DELETE', `/v1.0/directory/deletedItems/${bob}`);
    expect(await cycle()).toEqual(['DELETE /Users']);
    expect(await account('bob')).toBeUndefined();
    expect(await cycle()).toEqual([]);
  });
});
