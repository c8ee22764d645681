// Accounts that are there although nobody linked them, and linked accounts that are not there any more.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startLife } from '../support/life.ts';
import type { Life } from '../support/life.ts';
import { between } from '../support/between.ts';
import type { Between } from '../support/between.ts';
import { caller } from '../support/engine.ts';
import { targetWorld } from '../support/target-world.ts';

let life: Life;
let front: Between;
beforeAll(async () => {
  life = await startLife({ users: 12, groups: 2, syncAll: true });
  front = await between(life.simulator.url);
  const value = { BaseAddress: front.url, SecretToken: life.targetToken, SyncAll: 'true' };
  await life.ok('PUT', `/v1.0/servicePrincipals/${life.servicePrincipalId}/synchronization/secrets`, {
    value: Object.entries(value).map(([key, each]) => ({ key, value: each })),
  });
  expect((await life.cycle('initial')).state).toBe('succeeded');
}, 120_000);
afterAll(async () => {
  await front.close();
  await life.close();
});

const target = <T = unknown>(method: string, path: string, body?: unknown) =>
  caller(life.simulator.url, life.targetToken)<T>(method, path, body);
const idOf = (name: string): string => {
  const found = life.simulator.state().users.find((user) => user['userName'] === `${name}@contoso.example`);
  return found?.['id'] as string;
};
const emptyList = { status: 200, body: { totalResults: 0, Resources: [] } };
const policy = (value: string | null) =>
  life.ok('PATCH', life.jobUrl, { synchronizationJobSettings: [{ name: 'InvalidAnchorAction', value }] });
const writesOf = (): readonly string[] =>
  life.simulator
    .requests()
    .log.filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);

describe('an account that is there when it is to be created', () => {
  it('is taken over in the same cycle, though the look-up before had not found it', async () => {
    await life.simulatorAccount('hidden@contoso.example');
    await life.user('hidden', { jobTitle: 'Spy' });
    let lookups = 0;
    front.answers(({ url }) => (url.includes('"hidden@') && (lookups += 1) === 1 ? emptyList : null));
    const cycle = await life.cycle();
    expect(lookups).toBe(2);
    expect(cycle.state).toBe('succeeded');
    expect(cycle.counts).toMatchObject({ created: 0, updated: 1, failed: 0 });
    expect(targetWorld(life.simulator).accounts['hidden@contoso.example']?.attributes['title']).toBe('Spy');
    expect(await life.writes()).toEqual([]);
  });
});

describe('two objects for one account', () => {
  it('leave it to the first; the second waits in escrow with the clash, and is not tried without end', async () => {
    front.answers(({ method, url }) => {
      if (method === 'GET' && url.includes('taken')) return emptyList;
      return null;
    });
    await life.simulatorAccount('taken@contoso.example');
    const user = await life.user('taken');
    front.seen.splice(0);
    const cycle = await life.cycle();
    expect(cycle.counts).toMatchObject({ created: 0, failed: 1 });
    expect(front.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
    front.answers(() => null);
    await life.patchUser(user, { jobTitle: 'Found' });
    expect(await life.writes()).toEqual(['PATCH /Users']);
  });
});

describe('a linked account that is gone', () => {
  it('is left in escrow, as in Entra, and nothing is made anew', async () => {
    const user = await life.user('vanished');
    await life.cycle();
    await target('DELETE', `/Users/${idOf('vanished')}`);
    await life.patchUser(user, { jobTitle: 'Ghost' });
    expect((await life.cycle()).state).toBe('entryLevelErrors');
    expect(Object.keys(targetWorld(life.simulator).accounts)).not.toContain('vanished@contoso.example');
    await policy('Recreate');
    await life.patchUser(user, { jobTitle: 'Found' });
    await life.writes();
  });

  it('is made anew in the same cycle where the job says so', async () => {
    const user = await life.user('phoenix');
    await life.cycle();
    const before = idOf('phoenix');
    await target('DELETE', `/Users/${before}`);
    await life.patchUser(user, { jobTitle: 'Ashes' });
    const cycle = await life.cycle();
    expect(cycle.counts).toMatchObject({ created: 1, failed: 0 });
    expect(idOf('phoenix')).not.toBe(before);
    await life.patchUser(user, { jobTitle: 'Bird' });
    expect(await life.writes()).toEqual(['PATCH /Users']);
  });

  it('is taken over when it came back under another id, and forgotten when it was to be disabled', async () => {
    const back = await life.user('back');
    const leaver = await life.user('leaver');
    await life.cycle();
    await target('DELETE', `/Users/${idOf('back')}`);
    await life.simulatorAccount('back@contoso.example');
    await target('DELETE', `/Users/${idOf('leaver')}`);
    await life.patchUser(back, { jobTitle: 'Returned' });
    await life.patchUser(leaver, { accountEnabled: false });
    const cycle = await life.cycle();
    expect(cycle.counts).toMatchObject({ created: 0, updated: 1, disabled: 0, failed: 0 });
    await life.patchUser(leaver, { accountEnabled: true });
    await life.writes();
    expect(await life.writes()).toEqual([]);
  });

  it('brings the members of a group back with it', async () => {
    const members = [await life.user('m-1'), await life.user('m-2')];
    const group = await life.group('Lost team', members);
    await life.writes();
    const team = life.simulator.state().groups.find(({ displayName }) => displayName === 'Lost team');
    await target('DELETE', `/Groups/${team?.['id'] as string}`);
    await life.ok('PATCH', `/v1.0/groups/${group}`, { displayName: 'Found team' });
    await life.writes();
    expect(targetWorld(life.simulator).teams['Found team']?.members).toHaveLength(2);
  });

  it('invariant 1: many of them are the loss of the target: nothing is made anew', async () => {
    const users = [...life.oracle.provisioned.keys()].slice(0, 8);
    for (const { id } of life.simulator.state().users) await target('DELETE', `/Users/${id as string}`);
    for (const id of users) await life.patchUser(id, { jobTitle: 'Everybody' });
    life.simulator.resetRequests();
    const cycle = await life.cycle();
    expect(cycle.state).toBe('failed');
    expect(cycle.error?.message).toContain('linked accounts are gone');
    expect(writesOf().filter((write) => write.startsWith('POST'))).toEqual([]);
  });
});
