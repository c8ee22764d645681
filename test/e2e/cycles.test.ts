// The whole line on real parts: mock tenant → Graph → mirror → rules → SCIM → simulator. After every cycle the target
// equals what an independent oracle computes from the tenant, and no request was sent that was not needed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import type { CycleAnswer, TestEngine } from '../support/engine.ts';
import { Oracle } from '../support/oracle.ts';
import { redisUrl } from '../support/redis.ts';
import { targetWorld } from '../support/target-world.ts';

const redis = await redisUrl();
const backends: readonly { name: string; redisUrl?: string }[] = [
  { name: 'PostgreSQL' },
  ...(redis === null ? [] : [{ name: 'Redis', redisUrl: redis }]),
];

describe.each(backends)('cycles with the queue on $name', (backend) => {
  const queue = backend.redisUrl === undefined ? {} : { redisUrl: backend.redisUrl };

  describe('sync all users and groups', () => {
    let engine: TestEngine;
    let oracle: Oracle;

    beforeAll(async () => {
      engine = await startTestEngine({ syncAll: true, ...queue });
      oracle = new Oracle(engine, true);
    });
    afterAll(() => engine.close());

    /** Runs a cycle, compares the target with the oracle, and answers the writes that were sent. */
    async function inStepAfter(
      cycle: Promise<CycleAnswer>,
    ): Promise<{ writes: readonly string[]; cycle: CycleAnswer }> {
      engine.simulator.resetRequests();
      const ended = await cycle;
      expect(ended.error ?? null).toBeNull();
      expect(ended.state).toBe('succeeded');
      const writes = writesOf(engine);
      expect(targetWorld(engine.simulator)).toEqual(await oracle.world());
      return { writes, cycle: ended };
    }
    const aUser = async (filter = ''): Promise<{ id: string; userPrincipalName: string }> => {
      const { value } = await engine.ok<{ value: { id: string; userPrincipalName: string }[] }>(
        'GET',
        `/v1.0/users?$top=1&$select=id,userPrincipalName&$filter=${encodeURIComponent(`accountEnabled eq true and userType eq 'Member'${filter}`)}`,
      );
      const [user] = value;
      if (user === undefined) throw new Error(`no user with ${filter}`);
      return user;
    };
    /** Reports who lose their manager with him: one PATCH each. */
    const reportsOf = async (id: string): Promise<readonly string[]> => {
      const { value } = await engine.ok<{ value: { id: string }[] }>(
        'GET',
        `/v1.0/users/${id}/directReports?$select=id,accountEnabled`,
      );
      return value.filter((report) => oracle.provisioned.get(report.id)?.active).map(() => 'PATCH /Users');
    };
    const groups = async () =>
      (await engine.ok<{ value: { id: string; displayName: string }[] }>('GET', '/v1.0/groups?$select=id,displayName'))
        .value;
    const membersOf = async (id: string) =>
      (
        await engine.ok<{ value: { id: string; '@odata.type': string }[] }>(
          'GET',
          `/v1.0/groups/${id}/members?$select=id&$top=999`,
        )
      ).value;

    it('invariant 3: a what-if counts what it would do, sends no write and moves nothing', async () => {
      engine.simulator.resetRequests();
      const cycle = await engine.cycle('initial', { dryRun: true });
      expect(cycle.state).toBe('succeeded');
      expect(cycle.counts.created).toBeGreaterThan(50);
      expect(writesOf(engine)).toEqual([]);
      expect(targetWorld(engine.simulator)).toEqual({ accounts: {}, teams: {} });
    });

    it('brings a whole tenant into an empty target', async () => {
      const { cycle } = await inStepAfter(engine.cycle('initial'));
      expect(cycle.type).toBe('initial');
      expect(cycle.progress.done).toBe(cycle.progress.total);
      expect(cycle.counts).toMatchObject({ failed: 0, held: 0, disabled: 0, deleted: 0 });
      expect(cycle.counts.created).toBe(Object.keys(targetWorld(engine.simulator).accounts).length + 8);
    });

    it('invariant 10: an unchanged tenant sends no write, however the cycle is run', async () => {
      expect((await inStepAfter(engine.cycle())).writes).toEqual([]);
      expect((await inStepAfter(engine.cycle('initial'))).writes).toEqual([]);
    });

    it('sends one PATCH for one changed attribute', async () => {
      const user = await aUser();
      await engine.ok('PATCH', `/v1.0/users/${user.id}`, { jobTitle: 'Astronaut' });
      const { writes, cycle } = await inStepAfter(engine.cycle());
      expect(writes).toEqual(['PATCH /Users']);
      expect(cycle.counts).toMatchObject({ updated: 1, created: 0, disabled: 0 });
    });

    it('disables the account of a disabled user with one PATCH, and enables it again with one', async () => {
      const user = await aUser();
      await engine.ok('PATCH', `/v1.0/users/${user.id}`, { accountEnabled: false });
      const off = await inStepAfter(engine.cycle());
      expect(off.writes).toEqual(['PATCH /Users']);
      expect(off.cycle.counts.disabled).toBe(1);
      await engine.ok('PATCH', `/v1.0/users/${user.id}`, { accountEnabled: true });
      const on = await inStepAfter(engine.cycle());
      expect(on.writes).toEqual(['PATCH /Users']);
      expect(on.cycle.counts.restored).toBe(1);
    });

    it('disables a soft-deleted user, restores a restored one and deletes a purged one', async () => {
      const user = await aUser();
      const reports = await reportsOf(user.id);
      await engine.ok('DELETE', `/v1.0/users/${user.id}`);
      expect((await inStepAfter(engine.cycle())).writes).toEqual(['PATCH /Users']);
      await engine.ok('POST', `/v1.0/directory/deletedItems/${user.id}/restore`);
      expect((await inStepAfter(engine.cycle())).writes).toEqual(['PATCH /Users']);
      await engine.ok('DELETE', `/v1.0/users/${user.id}`);
      await inStepAfter(engine.cycle());
      await engine.ok('DELETE', `/v1.0/directory/deletedItems/${user.id}`);
      const purged = await inStepAfter(engine.cycle());
      expect(purged.writes).toEqual(['DELETE /Users', ...reports]);
      expect(purged.cycle.counts.deleted).toBe(1);
    });

    it('deletes an account whose user was deleted and purged between two cycles', async () => {
      const user = await aUser();
      const reports = await reportsOf(user.id);
      await engine.ok('DELETE', `/v1.0/users/${user.id}`);
      await engine.ok('DELETE', `/v1.0/directory/deletedItems/${user.id}`);
      expect((await inStepAfter(engine.cycle())).writes).toEqual(['DELETE /Users', ...reports]);
    });

    it('creates a new user with one POST, and his manager with one PATCH', async () => {
      const manager = await aUser();
      const made = await engine.ok<{ id: string }>('POST', '/v1.0/users', {
        accountEnabled: true,
        displayName: "Zoë O'Hara-Nuñez",
        mailNickname: 'zoe.ohara',
        userPrincipalName: "zoe.o'hara@contoso.example",
        passwordProfile: { password: 'not-a-real-one-1!' },
      });
      await engine.ok('PUT', `/v1.0/users/${made.id}/manager/$ref`, {
        '@odata.id': `https://graph.microsoft.com/v1.0/users/${manager.id}`,
      });
      const { writes } = await inStepAfter(engine.cycle());
      expect(writes).toEqual(['POST /Users', 'PATCH /Users']);
    });

    it('renames a group, adds a member and removes one with one PATCH each', async () => {
      const [, group] = await groups();
      if (group === undefined) throw new Error('no group');
      await engine.ok('PATCH', `/v1.0/groups/${group.id}`, { displayName: 'Renamed group' });
      expect((await inStepAfter(engine.cycle())).writes).toEqual(['PATCH /Groups']);

      const present = new Set((await membersOf(group.id)).map(({ id }) => id));
      const all = await engine.ok<{ value: { id: string; accountEnabled: boolean }[] }>(
        'GET',
        '/v1.0/users?$top=999&$select=id,accountEnabled',
      );
      const newcomer = all.value.find(({ id, accountEnabled }) => accountEnabled && !present.has(id));
      if (newcomer === undefined) throw new Error('everybody is a member already');
      await engine.ok('POST', `/v1.0/groups/${group.id}/members/$ref`, {
        '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${newcomer.id}`,
      });
      const added = await inStepAfter(engine.cycle());
      expect(added.writes).toEqual(['PATCH /Groups']);
      expect(added.cycle.counts).toMatchObject({ membersAdded: 1, membersRemoved: 0 });

      await engine.ok('DELETE', `/v1.0/groups/${group.id}/members/${newcomer.id}/$ref`);
      const removed = await inStepAfter(engine.cycle());
      expect(removed.writes).toEqual(['PATCH /Groups']);
      expect(removed.cycle.counts).toMatchObject({ membersAdded: 0, membersRemoved: 1 });
    });

    it('changes a manager with one PATCH', async () => {
      const { value } = await engine.ok<{ value: { id: string }[] }>(
        'GET',
        `/v1.0/users?$select=id&$filter=${encodeURIComponent('accountEnabled eq true')}&$top=999`,
      );
      const [boss, report] = [value.at(-1), value.at(-2)];
      if (boss === undefined || report === undefined) throw new Error('too few users');
      await engine.ok('PUT', `/v1.0/users/${report.id}/manager/$ref`, {
        '@odata.id': `https://graph.microsoft.com/v1.0/users/${boss.id}`,
      });
      expect((await inStepAfter(engine.cycle())).writes).toEqual(['PATCH /Users']);
    });

    it('logs every object with its reason, also when nothing happened', async () => {
      const { value } = await engine.ok<{ value: { provisioningAction: string; provisioningSteps: unknown[] }[] }>(
        'GET',
        `/v1.0/auditLogs/provisioning?$filter=${encodeURIComponent(`jobId eq '${engine.jobId}'`)}&$top=1000`,
      );
      expect(value.length).toBeGreaterThan(60);
      for (const { provisioningSteps } of value) expect(provisioningSteps.length).toBeGreaterThan(0);
    });
  });

  describe('sync only assigned users and groups', () => {
    let engine: TestEngine;
    let oracle: Oracle;
    beforeAll(async () => {
      engine = await startTestEngine({ syncAll: false, ...queue });
      oracle = new Oracle(engine, false);
    });
    afterAll(() => engine.close());

    const assign = (principalId: string) =>
      engine.ok<{ id: string }>('POST', `/v1.0/servicePrincipals/${engine.servicePrincipalId}/appRoleAssignedTo`, {
        principalId,
        resourceId: engine.servicePrincipalId,
        appRoleId: '00000000-0000-0000-0000-000000000000',
      });
    async function writesToBeInStep(): Promise<readonly string[]> {
      engine.simulator.resetRequests();
      const cycle = await engine.cycle();
      expect(cycle.error ?? null).toBeNull();
      expect(cycle.state).toBe('succeeded');
      const writes = writesOf(engine);
      expect(targetWorld(engine.simulator)).toEqual(await oracle.world());
      return writes;
    }

    it('provisions nobody without an assignment', async () => {
      expect(await writesToBeInStep()).toEqual([]);
      expect(targetWorld(engine.simulator)).toEqual({ accounts: {}, teams: {} });
    });

    it('provisions an assigned user, disables him when he is unassigned, and enables the same account again', async () => {
      const { value } = await engine.ok<{ value: { id: string }[] }>(
        'GET',
        `/v1.0/users?$select=id&$top=1&$filter=${encodeURIComponent('accountEnabled eq true')}`,
      );
      const id = value[0]?.id ?? '';
      const first = await assign(id);
      expect(await writesToBeInStep()).toEqual(['POST /Users']);
      await engine.ok('DELETE', `/v1.0/servicePrincipals/${engine.servicePrincipalId}/appRoleAssignedTo/${first.id}`);
      expect(await writesToBeInStep()).toEqual(['PATCH /Users']);
      await assign(id);
      expect(await writesToBeInStep()).toEqual(['PATCH /Users']);
    });

    it('provisions an assigned group with its direct members, and deletes it when it is unassigned', async () => {
      const { value } = await engine.ok<{ value: { id: string }[] }>(
        'GET',
        `/v1.0/groups?$select=id&$filter=${encodeURIComponent('securityEnabled eq true')}`,
      );
      const id = value[1]?.id ?? '';
      const assignment = await assign(id);
      const writes = await writesToBeInStep();
      expect(writes.filter((write) => write === 'POST /Groups')).toHaveLength(1);
      expect(writes.filter((write) => write === 'PATCH /Groups')).toHaveLength(1);
      // Nearly everybody leaves with the group: more than the deletion guard lets go unless told.
      await engine.ok('PATCH', engine.jobUrl, {
        synchronizationJobSettings: [{ name: 'QuarantineTooManyDeletesShare', value: 'off' }],
      });
      await engine.ok(
        'DELETE',
        `/v1.0/servicePrincipals/${engine.servicePrincipalId}/appRoleAssignedTo/${assignment.id}`,
      );
      expect(await writesToBeInStep()).toContain('DELETE /Groups');
    });
  });
});

function writesOf({ simulator }: TestEngine): readonly string[] {
  const { log } = simulator.requests() as unknown as { log: readonly { method: string; path: string }[] };
  return log
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} /${/\/(Users|Groups)/.exec(path)?.[1] ?? path}`);
}
