// Whole cycles against an application that keeps to the letter of SCIM and makes it as hard as that allows.
import { afterEach, expect, it } from 'vitest';

import type { Json } from '../../src/rules/model/json.ts';
import { member, readPath } from '../../src/rules/scim/read-path.ts';
import type { CycleAnswer } from '../support/engine.ts';
import { startLife } from '../support/life.ts';
import type { Life } from '../support/life.ts';
import { startNasty } from '../support/nasty-server.ts';
import type { NastyServer } from '../support/nasty-server.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Nasty {
  readonly life: Life;
  readonly target: NastyServer;
  /** The writes of a cycle that must succeed. */
  readonly cycle: (type?: 'initial' | 'incremental') => Promise<readonly string[]>;
  /** The writes of a cycle after all links were forgotten. */
  readonly matchedAnew: () => Promise<readonly string[]>;
  readonly account: (name: string) => object | undefined;
  /** User names of the members of a group, without their domain. */
  readonly members: (groupName: string) => readonly string[];
}

async function connected(ids?: 'names' | 'numbers'): Promise<Nasty> {
  const target = await startNasty(ids);
  endings.push(() => target.close());
  const life = await startLife({ users: 4, groups: 1, syncAll: false });
  endings.push(() => life.close());
  const secrets = { BaseAddress: target.url, SecretToken: target.token, SyncAll: 'false' };
  await life.ok('PUT', `/v1.0/servicePrincipals/${life.servicePrincipalId}/synchronization/secrets`, {
    value: Object.entries(secrets).map(([key, value]) => ({ key, value })),
  });
  const named = (all: NastyServer['users'], path: string, name: string) =>
    [...all.values()].find(({ attributes }) => member(attributes, path) === name)?.attributes;
  const writes = (): readonly string[] =>
    target.seen
      .splice(0)
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} /${path.split('/')[3] ?? ''}`);
  const inStep = (ended: CycleAnswer | undefined): void =>
    expect(ended).toMatchObject({ state: 'succeeded', counts: { failed: 0 } });
  return {
    life,
    target,
    cycle: async (type = 'incremental') => {
      inStep(await life.cycle(type));
      return writes();
    },
    matchedAnew: async () => {
      inStep(await life.act('restart', { criteria: { resetScope: 'Full' } }));
      return writes();
    },
    account: (name) => named(target.users, 'userName', `${name}@contoso.example`),
    members: (groupName) => {
      const found = readPath(named(target.groups, 'displayName', groupName) ?? {}, 'members') ?? [];
      return (found as readonly Json[])
        .map((one) => target.users.get(member(one, 'value') as string)?.attributes ?? {})
        .map((attributes) => (member(attributes, 'userName') as string).split('@')[0] ?? '')
        .toSorted();
    },
  };
}

const details = { jobTitle: 'Engineer', department: 'Research', city: 'Bern', givenName: 'A', surname: 'L' };

it('is kept in step: created, changed, renamed, disabled, restored, grouped, deleted; unchanged, it is sent nothing', async () => {
  const { life, target, cycle, matchedAnew, account, members } = await connected();
  const names = ['ada', 'bob', 'cyd', 'dan'];
  const made = names.map((name) => life.user(name, { ...details, mail: `${name}@contoso.example` }));
  const [ada = '', bob = '', cyd = '', dan = ''] = await Promise.all(made);
  const team = await life.group('Team', [ada, bob, cyd]);
  await life.setManager(bob, ada);
  for (const one of [ada, cyd, dan]) await life.assign(one);
  const takeBob = await life.assign(bob);
  const takeTeam = await life.assign(team);

  expect((await cycle('initial')).filter((write) => write.startsWith('POST'))).toHaveLength(5);
  expect([...target.users.keys()].toSorted()).toEqual(names.map((name) => `${name}@contoso.example`));
  expect(members('Team')).toEqual(['ada', 'bob', 'cyd']);
  expect(account('bob')).toMatchObject({ active: true, title: 'Engineer' });
  expect(await cycle()).toEqual([]);
  expect(await cycle('initial')).toEqual([]);

  await life.patchUser(ada, { jobTitle: 'Chief', city: 'Basel' });
  expect(await cycle()).toEqual(['PATCH /Users']);
  expect(account('ada')).toMatchObject({ title: 'Chief', addresses: [{ locality: 'Basel' }] });
  await life.leave(team, bob);
  await takeBob();
  expect(await cycle()).toEqual(['PATCH /Users', 'PATCH /Groups']);
  expect(account('bob')).toMatchObject({ active: false });
  expect(members('Team')).toEqual(['ada', 'cyd']);
  await life.assign(bob);
  expect(await cycle()).toEqual(['PATCH /Users']);
  expect(account('bob')).toMatchObject({ active: true });

  await life.patchUser(cyd, { userPrincipalName: 'Cyd.Two@contoso.example' });
  await life.ok('PATCH', `/v1.0/groups/${team}`, { displayName: 'Team Two' });
  expect(await cycle()).toEqual(['PATCH /Users', 'PATCH /Groups']);
  expect(members('Team Two')).toEqual(['Cyd.Two', 'ada']);
  for (const one of [ada, cyd]) await life.leave(team, one);
  expect(await cycle()).toEqual(['PATCH /Groups']);
  expect(members('Team Two')).toEqual([]);
  await life.join(team, dan);
  expect(await cycle()).toEqual(['PATCH /Groups']);
  expect(members('Team Two')).toEqual(['dan']);
  expect(await cycle('initial')).toEqual([]);

  expect(await matchedAnew()).toEqual([]);
  await takeTeam();
  expect(await cycle()).toEqual(['DELETE /Groups']);
  await life.ok('DELETE', `/v1.0/users/${bob}`);
  expect(await cycle()).toEqual(['PATCH /Users']);
  await life.ok('DELETE', `/v1.0/directory/deletedItems/${bob}`);
  expect(await cycle()).toEqual(['DELETE /Users']);
  expect(account('bob')).toBeUndefined();
});

it('with numbers for ids: the first write that needs a version is a deletion; members and managers are written once', async () => {
  const { life, target, cycle, matchedAnew, account, members } = await connected('numbers');
  const [ada, bob] = [await life.user('ada', details), await life.user('bob', details)];
  const team = await life.group('Team');
  await life.assign(ada);
  await life.assign(bob);
  const takeTeam = await life.assign(team);
  expect(await cycle('initial')).toEqual(['POST /Users', 'POST /Users', 'POST /Groups']);
  await takeTeam();
  expect(await cycle()).toEqual(['DELETE /Groups', 'DELETE /Groups']);
  expect(target.groups.size).toBe(0);

  await life.setManager(bob, ada);
  const second = await life.group('Second', [ada, bob]);
  await life.assign(second);
  await cycle();
  expect(members('Second')).toEqual(['ada', 'bob']);
  expect(account('bob')).toMatchObject({
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
      manager: { value: expect.stringMatching(/^\d+$/) as string },
    },
  });
  expect(await matchedAnew()).toEqual([]);
});
