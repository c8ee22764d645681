// Mass deletions that nobody meant, by their names. Nobody loses an account by them, the job says what to do, and once the
// cause is mended everything is as it was.
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLife } from '../support/life.ts';
import type { Life } from '../support/life.ts';
import type { World } from '../support/oracle.ts';
import { targetWorld } from '../support/target-world.ts';

interface Held {
  readonly id: string;
  readonly type: string;
  readonly action: string;
  readonly because: string;
  readonly why: string;
  readonly decision: string;
  readonly evidence: { readonly scope: { readonly assigned: boolean }; readonly account: { readonly state: string } };
}
interface Status {
  readonly status: {
    readonly code: string;
    readonly quarantine: { reason: string; error: { message: string } } | null;
  };
  readonly held: number;
}

describe('a mass deletion that nobody meant', () => {
  let life: Life;
  let people: readonly string[];
  let unassign: readonly (() => Promise<unknown>)[] = [];
  let before: World;

  const assignAll = async () => {
    const undo: (() => Promise<unknown>)[] = [];
    for (const id of people) undo.push(await life.assign(id));
    unassign = undo;
  };
  const held = async () => (await life.ok<{ value: Held[] }>('GET', `/api/jobs/${life.jobId}/held?$top=1000`)).value;
  const status = () => life.ok<Status>('GET', `/api/jobs/${life.jobId}`);
  const faults = (body: object) => life.mock('POST', '/mock/faults', body);

  beforeAll(async () => {
    life = await startLife({ users: 60, groups: 2, syncAll: false });
    const query = `$top=999&$select=id&$filter=${encodeURIComponent("accountEnabled eq true and userType eq 'Member'")}`;
    people = (await life.ok<{ value: { id: string }[] }>('GET', `/v1.0/users?${query}`)).value.map(({ id }) => id);
    expect(people.length).toBeGreaterThan(25);
    await assignAll();
    expect((await life.cycle('initial')).state).toBe('succeeded');
    before = targetWorld(life.simulator);
    expect(Object.values(before.accounts).every(({ active }) => active)).toBe(true);
  }, 120_000);
  afterEach(async () => {
    expect(targetWorld(life.simulator)).toEqual(before);
    expect(await held()).toEqual([]);
    expect((await status()).status.quarantine).toBeNull();
  });
  afterAll(() => life.close());

  /** All of them are held, each with its evidence, and the job says what to do. */
  const expectAllHeld = async (because: string) => {
    expect(targetWorld(life.simulator)).toEqual(before);
    const all = await held();
    expect(all.map(({ id }) => id).sort()).toEqual([...people].sort());
    for (const each of all)
      expect(each).toMatchObject({
        type: 'User',
        action: 'disable',
        because,
        evidence: { account: { state: 'active' } },
      });
    const job = await status();
    expect(job).toMatchObject({ held: people.length, status: { quarantine: { reason: 'TooManyDeletes' } } });
    expect(job.status.quarantine?.error.message).toMatch(/approve.*repair/is);
    const filter = encodeURIComponent("provisioningAction eq 'stagedDelete'");
    const { value } = await life.ok<{ value: { provisioningSteps: { description: string }[] }[] }>(
      'GET',
      `/v1.0/auditLogs/provisioning?$filter=${filter}&$top=1000`,
    );
    expect(value.length).toBeGreaterThanOrEqual(people.length);
    expect(value[0]?.provisioningSteps.at(-1)?.description).toContain('QuarantineTooManyDeletesShare');
  };

  it('invariant 4: all assignments vanish', async () => {
    for (const undo of unassign) await undo();
    expect((await life.cycle()).counts).toMatchObject({ held: people.length, disabled: 0, deleted: 0 });
    await expectAllHeld('not-assigned');
    await assignAll();
    expect((await life.cycle()).counts).toMatchObject({ held: 0, disabled: 0, deleted: 0, restored: 0 });
  });

  it('invariant 4: an admin edits a scoping filter so that nobody matches', async () => {
    interface Schema {
      synchronizationRules: { objectMappings: { sourceObjectName: string; scope?: unknown }[] }[];
    }
    const schema = await life.ok<Schema>('GET', `${life.jobUrl}/schema`);
    const edited = structuredClone(schema);
    const clause = {
      sourceOperandName: 'department',
      operatorName: 'EQUALS',
      targetOperand: { values: ['A department that nobody is in'] },
    };
    for (const { objectMappings } of edited.synchronizationRules)
      for (const mapping of objectMappings)
        if (mapping.sourceObjectName === 'User')
          mapping.scope = {
            groups: [{ name: 'Nobody', clauses: [clause] }],
            categoryFilterGroups: [],
            inputFilterGroups: [],
          };
    await life.ok('PUT', `${life.jobUrl}/schema`, edited);
    expect((await life.cycle('incremental', { dryRun: true })).counts).toMatchObject({
      held: people.length,
      disabled: 0,
    });
    expect(await held()).toEqual([]);
    expect((await life.cycle()).counts).toMatchObject({ held: people.length, disabled: 0, deleted: 0 });
    await expectAllHeld('filtered-out');
    await life.ok('PUT', `${life.jobUrl}/schema`, schema);
    expect((await life.cycle()).counts).toMatchObject({ held: 0, disabled: 0, deleted: 0, restored: 0 });
  });

  it('invariant 1: Graph answers an empty user list', async () => {
    await faults({ expireTokens: true, empty: true });
    const cycle = await life.cycle();
    expect(cycle.counts).toMatchObject({ held: 0, disabled: 0, deleted: 0 });
    expect(targetWorld(life.simulator)).toEqual(before);
    if (cycle.state === 'failed') expect((await status()).status.quarantine?.error.message).toMatch(/\S/);
    await faults({ empty: false });
    expect(await life.cycle()).toMatchObject({ state: 'succeeded', counts: { held: 0, disabled: 0, deleted: 0 } });
  });

  it('invariant 2: delta is lost and the full read breaks half-way', async () => {
    await faults({ expireTokens: true, pageSize: 5, loopNextLink: true });
    expect(await life.cycle()).toMatchObject({ state: 'failed', counts: { held: 0, disabled: 0, deleted: 0 } });
    expect(targetWorld(life.simulator)).toEqual(before);
    expect((await status()).status.quarantine?.error.message).toMatch(/\S/);
    await faults({ pageSize: null, loopNextLink: false });
    expect(await life.cycle()).toMatchObject({ state: 'succeeded', counts: { held: 0, disabled: 0, deleted: 0 } });
  });

  it('invariant 1: the target answers 404 to everything', async () => {
    for (const id of people.slice(0, 5)) await life.patchUser(id, { jobTitle: 'Changed while the target was away' });
    life.simulator.setFaults({ failNext: 1_000_000, status: 404 });
    const cycle = await life.cycle();
    expect(cycle).toMatchObject({ state: 'failed', counts: { created: 0, held: 0, disabled: 0, deleted: 0 } });
    life.simulator.setFaults({ failNext: 0, status: 503 });
    expect(targetWorld(life.simulator)).toEqual(before);
    expect((await status()).status.quarantine?.error.message).toMatch(/\S/);
    for (const id of people.slice(0, 5)) await life.patchUser(id, { jobTitle: null });
    expect(await life.cycle()).toMatchObject({ state: 'succeeded', counts: { created: 0, held: 0, disabled: 0 } });
    before = targetWorld(life.simulator);
    expect(Object.values(before.accounts).every(({ active }) => active)).toBe(true);
  });
});

describe('held deletions', () => {
  let life: Life;
  let leavers: readonly string[];
  const path = () => `/api/jobs/${life.jobId}/held`;
  const held = async (query = '') => (await life.ok<{ value: Held[] }>('GET', `${path()}?${query}`)).value;
  const activeOf = (name: string) => targetWorld(life.simulator).accounts[`${name}@contoso.example`]?.active;

  beforeAll(async () => {
    life = await startLife({ users: 10, groups: 1, syncAll: true });
    const made: string[] = [];
    for (const name of ['ann', 'bob', 'cid', 'dot']) made.push(await life.user(name));
    leavers = made;
    expect((await life.cycle('initial')).state).toBe('succeeded');
    await life.ok('PATCH', life.jobUrl, {
      synchronizationJobSettings: [{ name: 'QuarantineTooManyDeletesThreshold', value: '2' }],
    });
    for (const id of leavers) await life.patchUser(id, { accountEnabled: false });
    expect((await life.cycle()).counts).toMatchObject({ held: 4, disabled: 0 });
  }, 120_000);
  afterAll(() => life.close());

  it('are listed page by page and by filter', async () => {
    expect((await held()).map(({ id }) => id)).toEqual([...leavers].sort());
    const first = await life.ok<{ value: Held[]; '@odata.nextLink'?: string }>('GET', `${path()}?$top=3`);
    const rest = await life.ok<{ value: Held[] }>('GET', first['@odata.nextLink']?.replace(/^.*(?=\/api\/)/, '') ?? '');
    expect([...first.value, ...rest.value].map(({ id }) => id)).toEqual([...leavers].sort());
    expect(await held('contains=ANN')).toMatchObject([{ id: leavers[0], because: 'account-disabled' }]);
    expect(await held('because=not-assigned')).toEqual([]);
    expect(await life.call('GET', `${path()}?because=nothing`)).toMatchObject({ status: 400 });
  });

  it('are decided with a reason, of which the audit log tells, and with nothing less', async () => {
    for (const body of [{}, { all: true }, { reason: 'x' }, { all: true, ids: ['a'], reason: 'x' }])
      expect(await life.call('POST', `${path()}/approve`, body)).toMatchObject({ status: 400 });
    expect(await life.ok('POST', `${path()}/reject`, { ids: [leavers[1]], reason: 'Bob stays.' })).toMatchObject({
      decided: 1,
    });
    expect(await held('decision=rejected')).toMatchObject([{ id: leavers[1], reason: 'Bob stays.' }]);
    const looking = new pg.Client({ connectionString: life.databaseUrl });
    await looking.connect();
    const { rows } = await looking.query<{ activity: string; after: unknown }>(
      `SELECT activity, after FROM audit_log WHERE activity = 'Reject held deletions'`,
    );
    await looking.end();
    expect(rows).toMatchObject([{ after: { reason: 'Bob stays.', ids: [leavers[1]] } }]);
  });

  it('that were approved are carried out by the next cycle, one by one or by filter, and the others wait', async () => {
    await life.ok('POST', `${path()}/approve`, { filter: { contains: 'ann' }, reason: 'Ann left.' });
    expect((await life.cycle()).counts).toMatchObject({ disabled: 1, held: 0 });
    expect(['ann', 'bob', 'cid', 'dot'].map(activeOf)).toEqual([false, true, true, true]);
    expect((await held('decision=waiting')).map(({ id }) => id)).toEqual([leavers[2], leavers[3]].sort());
  });

  it('that were rejected are not asked again until the reason changes', async () => {
    await life.patchUser(leavers[1] ?? '', { jobTitle: 'Still here' });
    expect((await life.cycle()).counts).toMatchObject({ disabled: 0, held: 0 });
    expect(activeOf('bob')).toBe(true);
    await life.ok('DELETE', `/v1.0/users/${leavers[1] ?? ''}`);
    expect((await life.cycle()).counts).toMatchObject({ disabled: 1 });
    expect(activeOf('bob')).toBe(false);
  });

  it('are released when their object is back in scope, also after they were approved', async () => {
    await life.ok('POST', `${path()}/approve`, { all: true, reason: 'They left.' });
    await life.patchUser(leavers[2] ?? '', { accountEnabled: true });
    expect((await life.cycle()).counts).toMatchObject({ disabled: 1, held: 0 });
    expect(['cid', 'dot'].map(activeOf)).toEqual([true, false]);
    expect(await held()).toEqual([]);
    expect(await life.ok('GET', `/api/jobs/${life.jobId}`)).toMatchObject({ held: 0, status: { quarantine: null } });
  });
});

describe('the members of a group', () => {
  let life: Life;
  beforeAll(async () => {
    life = await startLife({ users: 0, groups: 0, syncAll: true });
    await life.ok('PATCH', life.jobUrl, {
      synchronizationJobSettings: [{ name: 'QuarantineTooManyDeletesMembersFloor', value: '2' }],
    });
  }, 120_000);
  afterAll(() => life.close());

  const membersOf = (name: string) =>
    targetWorld(life.simulator).teams[name]?.members.map((each) => each.split('@')[0]);
  const held = async () => (await life.ok<{ value: Held[] }>('GET', `/api/jobs/${life.jobId}/held`)).value;

  it('invariant 4: stay when most of them are to go at once, until that is approved; additions go on', async () => {
    const ids = await Promise.all(['m1', 'm2', 'm3', 'm4', 'm5'].map((name) => life.user(name)));
    const late = await life.user('late');
    const group = await life.group('Team', ids);
    expect((await life.cycle('initial')).state).toBe('succeeded');
    for (const id of ids.slice(0, 3)) await life.leave(group, id);
    await life.join(group, late);
    expect((await life.cycle()).counts).toMatchObject({ held: 1, membersRemoved: 0, membersAdded: 1 });
    expect(membersOf('Team')).toEqual(['late', 'm1', 'm2', 'm3', 'm4', 'm5']);
    const id = `${group}/members`;
    expect(await held()).toMatchObject([
      { id, type: 'Group', action: 'removeMembers', because: 'left-group', count: 3 },
    ]);
    expect((await life.cycle('initial')).counts).toMatchObject({ held: 1, membersRemoved: 0 });
    await life.ok('POST', `/api/jobs/${life.jobId}/held/approve`, { ids: [id], reason: 'The team is split.' });
    expect((await life.cycle()).counts).toMatchObject({ held: 0, membersRemoved: 3 });
    expect(membersOf('Team')).toEqual(['late', 'm4', 'm5']);
    expect(await held()).toEqual([]);
  });

  it('invariant 4: are released when they are members again', async () => {
    const ids = await Promise.all(['n1', 'n2', 'n3', 'n4'].map((name) => life.user(name)));
    const group = await life.group('Crew', ids);
    await life.cycle();
    for (const id of ids) await life.leave(group, id);
    expect((await life.cycle()).counts).toMatchObject({ held: 1, membersRemoved: 0 });
    for (const id of ids) await life.join(group, id);
    expect((await life.cycle()).counts).toMatchObject({ held: 0, membersRemoved: 0, membersAdded: 0 });
    expect(await held()).toEqual([]);
    expect(membersOf('Crew')).toEqual(['n1', 'n2', 'n3', 'n4']);
  });
});
