// The life of a job that synchronises who is assigned, and of a large group.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScimSimulator } from '../../src/simulators/scim/start.ts';
import { startLife, writesOf, accountOf, secondJob, mapTitle } from '../support/life.ts';
import type { Life } from '../support/life.ts';
import { targetWorld } from '../support/target-world.ts';

describe('the life of a job that synchronises who is assigned', () => {
  let life: Life;
  beforeAll(async () => {
    life = await startLife({ users: 20, groups: 3, syncAll: false });
  });
  afterAll(() => life.close());

  it('a manager who is provisioned later is written then, once', async () => {
    const [report, boss] = [await life.user('report'), await life.user('boss')];
    await life.setManager(report, boss);
    await life.assign(report);
    expect(await life.writes()).toEqual(['POST /Users']);
    expect(await life.writes()).toEqual([]);
    await life.assign(boss);
    expect(await life.writes()).toEqual(['POST /Users', 'PATCH /Users']);
    expect(await life.writes()).toEqual([]);
  });

  it('a member who comes into scope later is added to the group then', async () => {
    const [early, late, gone] = [
      await life.user('early'),
      await life.user('late', { accountEnabled: false }),
      await life.user('nested'),
    ];
    const inner = await life.group('Inner', [gone]);
    const outer = await life.group('Outer', [early, late, inner]);
    await life.assign(outer);
    expect(await life.writes()).toEqual(['POST /Users', 'POST /Groups', 'PATCH /Groups']);
    await life.patchUser(late, { accountEnabled: true });
    expect(await life.writes()).toEqual(['POST /Users', 'PATCH /Groups']);
    await life.assign(gone);
    expect(await life.writes()).toEqual(['POST /Users']);
    const unassign = await life.assign(inner);
    expect([...(await life.writes())].sort()).toEqual(['PATCH /Groups', 'PATCH /Groups', 'POST /Groups']);
    await unassign();
    await life.writes();
    expect(await life.writes()).toEqual([]);
  });

  it('a user who left all groups that gave him access is disabled, and enabled when one takes him back', async () => {
    const user = await life.user('mover');
    const [one, two] = [await life.group('One', [user]), await life.group('Two', [user])];
    await life.assign(one);
    const unassign = await life.assign(two);
    await life.writes();
    await life.leave(one, user);
    expect(await life.writes()).toEqual(['PATCH /Groups']);
    await unassign();
    await life.leave(two, user);
    expect([...(await life.writes())].sort()).toEqual(['DELETE /Groups', 'PATCH /Users']);
    await life.join(one, user);
    expect([...(await life.writes())].sort()).toEqual(['PATCH /Groups', 'PATCH /Users']);
  });

  it('who is unassigned and then deleted for good loses his account only then', async () => {
    const user = await life.user('leaver');
    const unassign = await life.assign(user);
    expect(await life.writes()).toEqual(['POST /Users']);
    await unassign();
    expect(await life.writes()).toEqual(['PATCH /Users']);
    await life.ok('DELETE', `/v1.0/users/${user}`);
    expect(await life.writes()).toEqual([]);
    await life.ok('DELETE', `/v1.0/directory/deletedItems/${user}`);
    expect(await life.writes()).toEqual(['DELETE /Users']);
  });

  it('a soft-deleted user who is restored without his assignment stays disabled', async () => {
    const user = await life.user('half-back');
    const unassign = await life.assign(user);
    await life.writes();
    await life.ok('DELETE', `/v1.0/users/${user}`);
    expect(await life.writes()).toEqual(['PATCH /Users']);
    await life.ok('POST', `/v1.0/directory/deletedItems/${user}/restore`);
    await unassign().catch(() => undefined);
    expect(await life.writes()).toEqual([]);
    await life.assign(user);
    expect(await life.writes()).toEqual(['PATCH /Users']);
  });

  it('who is unassigned while the job is paused is disabled when it starts again', async () => {
    const user = await life.user('paused');
    const unassign = await life.assign(user);
    await life.oracle.world();
    expect(await life.act('start')).toMatchObject({ state: 'succeeded' });
    await life.act('pause');
    await unassign();
    life.simulator.resetRequests();
    expect(await life.act('start')).toMatchObject({ type: 'incremental', state: 'succeeded' });
    await life.act('pause');
    expect(writesOf(life.simulator)).toEqual(['PATCH /Users']);
    expect(targetWorld(life.simulator).accounts['paused@contoso.example']?.active).toBe(false);
  });

  it('shares one read with another job of the tenant, and each has its own watermark', async () => {
    const simulator = await startScimSimulator({ port: 0, token: life.targetToken });
    const other = await secondJob(life, simulator);
    const user = await life.user('shared', { companyName: 'Contoso', jobTitle: 'Engineer' });
    await life.assign(user);
    expect(await life.writes()).toEqual(['POST /Users']);
    await other.writes();
    await life.patchUser(user, { jobTitle: 'Shared' });
    expect(await life.writes()).toEqual(['PATCH /Users']);
    expect(await other.writes()).toEqual(['PATCH /Users']);
    await life.patchUser(user, { jobTitle: 'Shared again' });
    expect(await other.writes()).toEqual(['PATCH /Users']);
    expect(await other.writes()).toEqual([]);
    expect(await life.writes()).toEqual(['PATCH /Users']);
    await mapTitle(other, { expression: '[companyName]', name: 'companyName', type: 'Attribute', parameters: [] });
    expect((await other.cycle()).state).toBe('succeeded');
    expect(accountOf(other, 'shared')?.attributes['title']).toBe('Contoso');
    expect(await life.writes()).toEqual([]);
    await simulator.close();
  });
});

describe('a large group', () => {
  it('is filled and emptied with as few PATCHes as its batches', async () => {
    const life = await startLife({ users: 420, groups: 1, syncAll: true });
    expect((await life.cycle('initial')).state).toBe('succeeded');
    await life.oracle.world();
    const members = [...life.oracle.provisioned.keys()].slice(0, 350);
    const group = await life.group('Everybody', members);
    expect(await life.writes()).toEqual(['POST /Groups', ...Array.from({ length: 4 }, () => 'PATCH /Groups')]);
    for (const member of members.slice(0, 120)) await life.leave(group, member);
    expect(await life.writes()).toEqual(['PATCH /Groups', 'PATCH /Groups']);
    for (const member of members.slice(0, 30)) await life.join(group, member);
    for (const member of members.slice(120, 150)) await life.leave(group, member);
    const cycle = life.cycle();
    expect(await life.writes(cycle)).toEqual(['PATCH /Groups', 'PATCH /Groups']);
    expect((await cycle).counts).toMatchObject({ membersAdded: 30, membersRemoved: 30 });
    await life.close();
  });
});
