// Who leaves, in all the ways that an administrator has, and those that Entra forgets: each account ends as it should.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, startLife, writesOf } from '../support/life.ts';
import type { Life } from '../support/life.ts';

let life: Life;
beforeAll(async () => {
  life = await startLife({ users: 5, groups: 1, syncAll: false });
});
afterAll(() => life.close());

const softDelete = (id: string) => life.ok('DELETE', `/v1.0/users/${id}`);
const purge = (id: string) => life.ok('DELETE', `/v1.0/directory/deletedItems/${id}`);
const restore = (id: string) => life.ok('POST', `/v1.0/directory/deletedItems/${id}/restore`);
const settings = (values: Readonly<Record<string, string>>) =>
  life.ok('PATCH', life.jobUrl, {
    synchronizationJobSettings: Object.entries(values).map(([name, value]) => ({ name, value })),
  });
/** The writes of a cycle, where the oracle of the default policy does not apply. */
async function sent(state = 'succeeded'): Promise<readonly string[]> {
  life.simulator.resetRequests();
  const cycle = await life.cycle();
  expect(cycle.state).toBe(state);
  return writesOf(life.simulator);
}
async function provisioned(name: string): Promise<{ id: string; unassign: () => Promise<unknown> }> {
  const id = await life.user(name);
  const unassign = await life.assign(id);
  expect(await life.writes()).toEqual(['POST /Users']);
  return { id, unassign };
}
async function reasonOf(id: string): Promise<string | undefined> {
  const filter = encodeURIComponent(`sourceIdentity/id eq '${id}'`);
  const { value } = await life.ok<{ value: { provisioningStatusInfo: { errorInformation: { errorCode: string } } }[] }>(
    'GET',
    `/v1.0/auditLogs/provisioning?$filter=${filter}&$top=1`,
  );
  return value[0]?.provisioningStatusInfo.errorInformation.errorCode;
}

describe('a leaver', () => {
  it('who was deleted and purged between two cycles loses his account', async () => {
    const { id } = await provisioned('purged');
    await softDelete(id);
    await purge(id);
    expect(await life.writes()).toEqual(['DELETE /Users']);
    expect(await life.writes()).toEqual([]);
  });

  it('who was unassigned, deleted and purged between two cycles loses his account', async () => {
    const { id, unassign } = await provisioned('unassigned-purged');
    await unassign();
    await softDelete(id);
    await purge(id);
    expect(await life.writes()).toEqual(['DELETE /Users']);
  });

  it('who was disabled, unassigned and purged, each in a cycle of its own, loses his account in the end', async () => {
    const { id, unassign } = await provisioned('step-by-step');
    await life.patchUser(id, { accountEnabled: false });
    expect(await life.writes()).toEqual(['PATCH /Users']);
    await unassign();
    expect(await life.writes()).toEqual([]);
    await softDelete(id);
    expect(await life.writes()).toEqual([]);
    await purge(id);
    expect(await life.writes()).toEqual(['DELETE /Users']);
  });

  it('who is restored between two cycles is not touched, and one who is restored later is enabled', async () => {
    const { id } = await provisioned('restored');
    await softDelete(id);
    await restore(id);
    expect(await life.writes()).toEqual([]);
    await softDelete(id);
    expect(await life.writes()).toEqual(['PATCH /Users']);
    await restore(id);
    expect(await life.writes()).toEqual(['PATCH /Users']);
  });

  it('who is created again under his name waits for the account of the deleted one, and gets his own when that is purged', async () => {
    const { id: before } = await provisioned('again');
    await softDelete(before);
    const after = await life.user('again');
    await life.assign(after);
    expect(await sent('entryLevelErrors')).toEqual(['PATCH /Users']);
    expect(await reasonOf(after)).toBe('DuplicateSourceEntries');
    expect(accountOf(life, 'again')?.active).toBe(false);
    await sent('entryLevelErrors');
    await sent('entryLevelErrors');
    await purge(before);
    expect(await sent()).toEqual(['DELETE /Users', 'POST /Users']);
    expect(accountOf(life, 'again')?.active).toBe(true);
    expect(await life.writes()).toEqual([]);
  });

  it('who was purged and created again under his name between two cycles has a new account one cycle later', async () => {
    const { id: before } = await provisioned('anew');
    await softDelete(before);
    await purge(before);
    const after = await life.user('anew');
    await life.assign(after);
    await life.cycle();
    await life.cycle();
    expect(accountOf(life, 'anew')?.active).toBe(true);
    expect(await life.writes()).toEqual([]);
  });
});

describe('a leaver in escrow', () => {
  const refusing = { failNext: 50, failMethods: ['PATCH'], status: 409, dropConnection: false } as const;
  const healthy = { failNext: 0, failMethods: [], dropConnection: false, rejectUserNames: [] } as const;

  it('because his change was refused is disabled, and leaves escrow', async () => {
    const { id, unassign } = await provisioned('refused');
    await life.patchUser(id, { jobTitle: 'Refused' });
    life.simulator.setFaults(refusing);
    await sent('entryLevelErrors');
    life.simulator.setFaults(healthy);
    await unassign();
    expect(await sent()).toEqual(['PATCH /Users']);
    expect(accountOf(life, 'refused')?.active).toBe(false);
    expect(await sent()).toEqual([]);
  });

  it('because his disable was refused is deleted when he is purged meanwhile', async () => {
    const { id, unassign } = await provisioned('not-disabled');
    await unassign();
    life.simulator.setFaults(refusing);
    await sent('entryLevelErrors');
    life.simulator.setFaults(healthy);
    await softDelete(id);
    await purge(id);
    expect(await life.writes()).toEqual(['DELETE /Users']);
  });

  it('because he could not be created gets no account, and leaves escrow', async () => {
    const id = await life.user('never-made');
    const unassign = await life.assign(id);
    life.simulator.setFaults({ ...healthy, rejectUserNames: ['never-made@contoso.example'] });
    await sent('entryLevelErrors');
    life.simulator.setFaults(healthy);
    await unassign();
    expect(await life.writes()).toEqual([]);
    expect(accountOf(life, 'never-made')).toBeUndefined();
  });

  it.each<[string, (id: string, unassign: () => Promise<unknown>) => Promise<unknown>, boolean | undefined]>([
    ['is unassigned', (_, unassign) => unassign(), false],
    ['is disabled', (id) => life.patchUser(id, { accountEnabled: false }), false],
    ['is deleted', softDelete, false],
    ['is purged', async (id) => (await softDelete(id), purge(id)), undefined],
  ])(
    'because the answer to his creation was lost: who %s leaves no account that is open',
    async (how, leave, active) => {
      const name = `lost-${how.replaceAll(' ', '-')}`;
      const id = await life.user(name);
      const unassign = await life.assign(id);
      await life.oracle.world();
      life.simulator.setFaults({ failNext: 1, failMethods: ['POST'], dropConnection: 'after' });
      await sent('entryLevelErrors');
      life.simulator.setFaults(healthy);
      expect(accountOf(life, name)?.active).toBe(true);
      await leave(id, unassign);
      await sent();
      expect(accountOf(life, name)?.active).toBe(active);
      expect(await sent()).toEqual([]);
    },
  );
});

describe('the policy of a job', () => {
  const secrets = (skip: string) =>
    life.ok('PUT', life.jobUrl.replace(/jobs\/.*/, 'secrets'), {
      value: [
        { key: 'BaseAddress', value: life.simulator.url },
        { key: 'SecretToken', value: life.targetToken },
        { key: 'SyncAll', value: 'false' },
        { key: 'SkipOutOfScopeDeletions', value: skip },
      ],
    });

  it('SkipOutOfScopeDeletions keeps who leaves scope, lets go who is purged, and is made up for when it ends', async () => {
    const [kept, purged] = [await provisioned('skip-kept'), await provisioned('skip-purged')];
    await secrets('True');
    for (const { unassign } of [kept, purged]) await unassign();
    expect(await sent()).toEqual([]);
    expect(await reasonOf(kept.id)).toBe('SkipOutOfScopeDeletions');
    await softDelete(purged.id);
    expect(await sent()).toEqual([]);
    await purge(purged.id);
    expect(await sent()).toEqual(['DELETE /Users']);
    await secrets('False');
    expect(await sent()).toEqual(['PATCH /Users']);
    expect(accountOf(life, 'skip-kept')?.active).toBe(false);
  });

  it('DeprovisionUsers deletes at once, or keeps; a change of it is applied to who left before', async () => {
    const { id, unassign } = await provisioned('policy');
    await settings({ DeprovisionUsers: 'Keep' });
    await unassign();
    expect(await sent()).toEqual([]);
    expect(await reasonOf(id)).toBe('KeptByPolicy');
    await settings({ DeprovisionUsers: 'Disable' });
    expect(await sent()).toEqual(['PATCH /Users']);
    expect(accountOf(life, 'policy')?.active).toBe(false);
    const assigned = await life.assign(id);
    expect(await sent()).toEqual(['PATCH /Users']);
    const open = await provisioned('policy-2');
    await assigned();
    await settings({ DeprovisionUsers: 'Delete' });
    await open.unassign();
    expect((await sent()).filter((write) => write === 'DELETE /Users').length).toBeGreaterThanOrEqual(2);
    expect([accountOf(life, 'policy'), accountOf(life, 'policy-2')]).toEqual([undefined, undefined]);
    await life.assign(open.id);
    expect(await sent()).toEqual(['POST /Users']);
    await settings({ DeprovisionUsers: 'Disable' });
  });

  it('DeprovisionGroups keeps the group with its members', async () => {
    const user = await life.user('in-group');
    const group = await life.group('Kept', [user]);
    const unassign = await life.assign(group);
    await life.assign(user);
    await sent();
    await settings({ DeprovisionGroups: 'Keep' });
    await unassign();
    expect(await sent()).toEqual([]);
    await settings({ DeprovisionGroups: 'Delete' });
    expect(await sent()).toEqual(['DELETE /Groups']);
  });

  it('refuses what it does not know', async () => {
    const answer = await life.call('PATCH', life.jobUrl, {
      synchronizationJobSettings: [{ name: 'DeprovisionGroups', value: 'Disable' }],
    });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain("'Delete' or 'Keep'");
  });
});
