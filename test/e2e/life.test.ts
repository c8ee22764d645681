// What happens to a job in a long life: pauses, restarts, new mappings, bad days of the application, people who come and
// go in any order. After every cycle the target equals the oracle, and no request was sent that was not needed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScimSimulator } from '../../src/simulators/scim/start.ts';
import type { ScimSimulator } from '../../src/simulators/scim/start.ts';
import { runToEnd, startTestEngine } from '../support/engine.ts';
import type { CycleAnswer, TestEngine } from '../support/engine.ts';
import { Oracle } from '../support/oracle.ts';
import { targetWorld } from '../support/target-world.ts';

const GRAPH = 'https://graph.microsoft.com/v1.0/directoryObjects';

interface Life extends TestEngine {
  readonly oracle: Oracle;
  /** The writes of a cycle that must succeed and leave the target in step. */
  writes(cycle?: Promise<CycleAnswer>): Promise<readonly string[]>;
  user(name: string, properties?: object): Promise<string>;
  group(name: string, members?: readonly string[]): Promise<string>;
  join(groupId: string, userId: string): Promise<unknown>;
  leave(groupId: string, userId: string): Promise<unknown>;
  setManager(userId: string, managerId: string): Promise<unknown>;
  /** Answers how to take it back. */
  assign(principalId: string): Promise<() => Promise<unknown>>;
  patchUser(id: string, properties: object): Promise<unknown>;
  cycles(): Promise<readonly CycleAnswer[]>;
  /** Starts, pauses or restarts the job, and waits for the end of what that begins. */
  act(verb: string, body?: object): Promise<CycleAnswer | undefined>;
}

async function startLife(options: { users: number; groups: number; syncAll: boolean }): Promise<Life> {
  const engine = await startTestEngine(options);
  return livingOn(engine, options.syncAll);
}

function livingOn(engine: TestEngine, syncAll: boolean): Life {
  const ok = <T = unknown>(method: string, path: string, body?: unknown) => engine.ok<T>(method, path, body);
  const oracle = new Oracle(engine, syncAll);
  const cycles = async () => (await ok<{ value: CycleAnswer[] }>('GET', `/api/jobs/${engine.jobId}/cycles`)).value;
  const assignments = `/v1.0/servicePrincipals/${engine.servicePrincipalId}/appRoleAssignedTo`;
  const life: Life = {
    ...engine,
    oracle,
    cycles,
    async writes(cycle = engine.cycle()) {
      engine.simulator.resetRequests();
      const ended = await cycle;
      expect(ended.error ?? null).toBeNull();
      expect(ended.state).toBe('succeeded');
      const sent = writesOf(engine.simulator);
      expect(targetWorld(engine.simulator)).toEqual(await oracle.world());
      return sent;
    },
    user: async (name, properties = {}) =>
      (
        await ok<{ id: string }>('POST', '/v1.0/users', {
          accountEnabled: true,
          displayName: name,
          mailNickname: name,
          userPrincipalName: `${name}@contoso.example`,
          passwordProfile: { password: 'not-a-real-one-1!' },
          ...properties,
        })
      ).id,
    async group(name, members = []) {
      const { id } = await ok<{ id: string }>('POST', '/v1.0/groups', {
        displayName: name,
        mailNickname: name,
        mailEnabled: false,
        securityEnabled: true,
      });
      for (let start = 0; start < members.length; start += 20)
        await ok('PATCH', `/v1.0/groups/${id}`, {
          'members@odata.bind': members.slice(start, start + 20).map((member) => `${GRAPH}/${member}`),
        });
      return id;
    },
    join: (group, user) => ok('POST', `/v1.0/groups/${group}/members/$ref`, { '@odata.id': `${GRAPH}/${user}` }),
    leave: (group, user) => ok('DELETE', `/v1.0/groups/${group}/members/${user}/$ref`),
    setManager: (user, manager) =>
      ok('PUT', `/v1.0/users/${user}/manager/$ref`, { '@odata.id': `${GRAPH}/${manager}` }),
    async assign(principalId) {
      const appRoleId = '00000000-0000-0000-0000-000000000000';
      const made = await ok<{ id: string }>('POST', assignments, {
        principalId,
        resourceId: engine.servicePrincipalId,
        appRoleId,
      });
      return () => ok('DELETE', `${assignments}/${made.id}`);
    },
    patchUser: (id, properties) => ok('PATCH', `/v1.0/users/${id}`, properties),
    async act(verb, body) {
      const before = (await cycles()).length;
      await ok('POST', `${engine.jobUrl}/${verb}`, body);
      if (verb === 'pause') return undefined;
      return until(async () => {
        const all = await cycles();
        const [newest] = all;
        return all.length > before && newest !== undefined && ended(newest) ? newest : undefined;
      });
    },
  };
  return life;
}

const ended = ({ state }: CycleAnswer): boolean => state !== 'queued' && state !== 'running';

async function until<T>(found: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const value = await found();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function writesOf(simulator: ScimSimulator): readonly string[] {
  return simulator
    .requests()
    .log.filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} /${/\/(Users|Groups)/.exec(path)?.[1] ?? path}`);
}

const twice = (names: readonly unknown[]) => names.filter((name, at) => names.indexOf(name) !== at);
const namesIn = ({ simulator }: Life) => simulator.state().users.map((user) => user['userName']);
const accountOf = ({ simulator }: Life, name: string) => targetWorld(simulator).accounts[`${name}@contoso.example`];

describe('the life of a job that synchronises everybody', () => {
  let life: Life;
  let days = 0;
  beforeAll(async () => {
    life = await startLife({ users: 60, groups: 6, syncAll: true });
  });
  afterAll(() => life.close());

  it('a pause in the middle of the initial cycle and a start end in step, with nobody twice', async () => {
    life.simulator.setFaults({ delayMs: 150 });
    await life.ok('POST', `${life.jobUrl}/start`);
    await until(() => (life.simulator.state().users.length > 3 ? true : undefined));
    await life.act('pause');
    const [stopped] = await life.cycles();
    expect(stopped?.state).toBe('stopped');
    life.simulator.setFaults({ delayMs: 0 });
    const cycle = await life.act('start');
    expect(cycle).toMatchObject({ type: 'initial', state: 'succeeded' });
    await life.act('pause');
    expect(targetWorld(life.simulator)).toEqual(await life.oracle.world());
    expect(twice(namesIn(life))).toEqual([]);
    expect(await life.writes()).toEqual([]);
  });

  it.each([{}, { criteria: {} }, { criteria: { resetScope: 'Full' } }])(
    'invariant 10: a restart with %j sends no write when nothing differs',
    async (body) => {
      life.simulator.resetRequests();
      expect(await life.act('restart', body)).toMatchObject({ type: 'initial', state: 'succeeded' });
      await life.act('pause');
      expect(writesOf(life.simulator)).toEqual([]);
      expect(await life.writes()).toEqual([]);
    },
  );

  it('takes names in any script, with quotes, and 256 characters', async () => {
    const names = ['🦊 Zoë “x” \\ back', 'שלום עולם \u202Eabc', `a'b"c\\"d`, '100 % + & <b> ?', 'é'.repeat(256)];
    const ids = [];
    for (const [at, displayName] of names.entries())
      ids.push(await life.user(`odd-${String(at)}`, { displayName, jobTitle: displayName.slice(0, 60) }));
    ids.push(await life.user("o'neil.d'arcy"), await life.user('plus+tag_100', { mailNickname: 'plus' }));
    const group = await life.group(`Gänse "füße" \\ o'clock 🪿`, ids);
    expect(await life.writes()).toHaveLength(ids.length + 2);
    for (const id of ids) await life.patchUser(id, { department: `"${id}' \\` });
    await life.ok('PATCH', `/v1.0/groups/${group}`, { displayName: `שלום "x" \\` });
    expect(await life.writes()).toHaveLength(ids.length + 1);
    life.simulator.resetRequests();
    await life.act('restart', { criteria: { resetScope: 'Full' } });
    await life.act('pause');
    expect(writesOf(life.simulator)).toEqual([]);
  });

  it('a user who was disabled before he had an account gets none until he is enabled', async () => {
    const id = await life.user('later', { accountEnabled: false });
    expect(await life.writes()).toEqual([]);
    await life.patchUser(id, { jobTitle: 'Still away' });
    expect(await life.writes()).toEqual([]);
    await life.patchUser(id, { accountEnabled: true });
    expect(await life.writes()).toEqual(['POST /Users']);
    await life.patchUser(id, { accountEnabled: false });
    expect(await life.writes()).toEqual(['PATCH /Users']);
  });

  it('a restored user keeps his memberships and his manager', async () => {
    const [boss, member] = [await life.user('boss-1'), await life.user('member-1')];
    await life.setManager(member, boss);
    const group = await life.group('Comebacks', [boss, member]);
    expect(await life.writes()).toHaveLength(5);
    for (const id of [boss, member]) await life.ok('DELETE', `/v1.0/users/${id}`);
    expect(await life.writes()).toEqual(['PATCH /Users', 'PATCH /Users']);
    for (const id of [boss, member]) await life.ok('POST', `/v1.0/directory/deletedItems/${id}/restore`);
    expect(await life.writes()).toEqual(['PATCH /Users', 'PATCH /Users']);
    expect(targetWorld(life.simulator).teams['Comebacks']?.members).toHaveLength(2);
    await life.leave(group, boss);
    expect(await life.writes()).toEqual(['PATCH /Groups']);
  });

  it('members that left while they were soft-deleted are not put back', async () => {
    const member = await life.user('member-2');
    const group = await life.group('Leavers', [member]);
    await life.writes();
    await life.ok('DELETE', `/v1.0/users/${member}`);
    await life.writes();
    await life.ok('POST', `/v1.0/directory/deletedItems/${member}/restore`);
    await life.leave(group, member);
    await life.writes();
    expect(targetWorld(life.simulator).teams['Leavers']?.members).toEqual([]);
  });

  it('a what-if after changes counts them and writes nothing; the next real cycle does it all', async () => {
    const [gone, changed] = [await life.user('whatif-1'), await life.user('whatif-2')];
    const group = await life.group('What if', [gone]);
    await life.writes();
    await life.patchUser(gone, { accountEnabled: false });
    await life.patchUser(changed, { jobTitle: 'Changed' });
    await life.join(group, changed);
    await life.user('whatif-3');
    life.simulator.resetRequests();
    const expected = { created: 1, updated: 1, disabled: 1, membersAdded: 1, membersRemoved: 0, failed: 0 };
    for (const dryRun of [true, true]) {
      const cycle = await life.cycle('incremental', { dryRun });
      expect(cycle).toMatchObject({ type: 'incremental', state: 'succeeded', counts: expected });
    }
    expect(writesOf(life.simulator)).toEqual([]);
    const real = life.cycle();
    expect([...(await life.writes(real))].sort()).toEqual([
      'PATCH /Groups',
      'PATCH /Users',
      'PATCH /Users',
      'POST /Users',
    ]);
    expect((await real).counts).toMatchObject(expected);
  });

  it('a change made while a cycle runs is picked up by the next one, if not by this one', async () => {
    const [slow, late] = [await life.user('slow-1'), await life.user('late-1')];
    await life.writes();
    await life.patchUser(slow, { jobTitle: 'First' });
    life.simulator.resetRequests();
    life.simulator.setFaults({ delayMs: 400 });
    const running = life.cycle();
    await until(() => (life.simulator.requests().writes > 0 ? true : undefined));
    await life.patchUser(late, { jobTitle: 'Late' });
    await life.patchUser(slow, { jobTitle: 'Second' });
    const fresh = await life.user('late-2');
    await life.setManager(fresh, late);
    expect((await running).state).toBe('succeeded');
    life.simulator.setFaults({ delayMs: 0 });
    await life.writes();
    expect(accountOf(life, 'slow-1')?.attributes['title']).toBe('Second');
    expect(accountOf(life, 'late-1')?.attributes['title']).toBe('Late');
    expect(await life.writes()).toEqual([]);
  });

  it.each([
    { failNext: 2, failMethods: [], status: 429, retryAfter: 0 },
    { failNext: 2, failMethods: ['POST'], status: 500, retryAfter: null },
    { failNext: 2, failMethods: ['PATCH'], status: 500, retryAfter: null },
    { failNext: 3, failMethods: ['POST'], dropConnection: 'after' as const },
    { failNext: 3, failMethods: ['PATCH'], dropConnection: 'after' as const },
    { failNext: 3, failMethods: ['PATCH', 'POST'], dropConnection: 'before' as const },
  ])('is in step one cycle after a bad day of the application: %j', async (faults) => {
    const day = `day-${String((days += 1))}`;
    const ids = [];
    for (let n = 0; n < 4; n += 1) ids.push(await life.user(`${day}-${String(n)}`));
    const group = await life.group(day, ids.slice(0, 2));
    const [boss = '', , , report = ''] = ids;
    await life.setManager(report, boss);
    const [someone] = [...life.oracle.provisioned.keys()];
    await life.patchUser(someone ?? '', { jobTitle: day });
    life.simulator.setFaults({ dropConnection: false, ...faults });
    const bad = await life.cycle();
    expect(['succeeded', 'entryLevelErrors']).toContain(bad.state);
    life.simulator.setFaults({ failNext: 0, dropConnection: false });
    await life.writes();
    expect(await life.writes()).toEqual([]);
    await life.leave(group, boss);
    expect(await life.writes()).toEqual(['PATCH /Groups']);
  });

  it.each(['after', 'before'] as const)(
    'invariant 6: what may have been written before the connection broke (%s) is looked up, also when it was taken back',
    async (dropConnection) => {
      const name = (kind: string) => `lost-${kind}-${dropConnection}`;
      const [off, on, changed] = [
        await life.user(name('off')),
        await life.user(name('on')),
        await life.user(name('changed'), { jobTitle: 'Before' }),
      ];
      await life.writes();
      await life.patchUser(on, { accountEnabled: false });
      await life.writes();
      await life.patchUser(off, { accountEnabled: false });
      await life.patchUser(on, { accountEnabled: true });
      await life.patchUser(changed, { jobTitle: 'Mistake' });
      const fresh = await life.user(name('fresh'));
      life.simulator.setFaults({ failNext: 4, failMethods: ['PATCH', 'POST'], dropConnection });
      expect((await life.cycle()).state).toBe('entryLevelErrors');
      life.simulator.setFaults({ failNext: 0, dropConnection: false });
      await life.patchUser(off, { accountEnabled: true });
      await life.patchUser(on, { accountEnabled: false });
      await life.patchUser(changed, { jobTitle: 'Before' });
      await life.patchUser(fresh, { accountEnabled: false });
      expect((await life.cycle()).state).toBe('succeeded');
      const stands = (kind: string) => accountOf(life, name(kind));
      expect([stands('off')?.active, stands('on')?.active]).toEqual([true, false]);
      expect(stands('changed')?.attributes['title']).toBe('Before');
      expect(stands('fresh')?.active ?? false).toBe(false);
      await life.patchUser(fresh, { accountEnabled: true });
      await life.writes();
      expect(await life.writes()).toEqual([]);
    },
  );

  it('members and managers that may have been written before the connection broke are looked up too', async () => {
    const [boss, report, leaver] = [
      await life.user('lost-boss'),
      await life.user('lost-report'),
      await life.user('lost-leaver'),
    ];
    const group = await life.group('Lost', [leaver]);
    await life.writes();
    await life.setManager(report, boss);
    await life.join(group, report);
    await life.leave(group, leaver);
    life.simulator.setFaults({ failNext: 2, failMethods: ['PATCH'], dropConnection: 'after' });
    expect((await life.cycle()).state).toBe('entryLevelErrors');
    life.simulator.setFaults({ failNext: 0, dropConnection: false });
    await life.ok('DELETE', `/v1.0/users/${report}/manager/$ref`);
    await life.leave(group, report);
    await life.join(group, leaver);
    await life.writes();
    expect(await life.writes()).toEqual([]);
  });

  it('a new mapping is applied to everybody once, with one PATCH each', async () => {
    await mapTitle(life, { expression: '"Human"', name: 'Human', type: 'Constant', parameters: [] });
    life.simulator.resetRequests();
    expect(await life.cycle()).toMatchObject({ type: 'initial', state: 'succeeded' });
    const active = Object.values(targetWorld(life.simulator).accounts).filter((account) => account.active);
    expect(writesOf(life.simulator)).toEqual(active.map(() => 'PATCH /Users'));
    expect(new Set(active.map(({ attributes }) => attributes['title']))).toEqual(new Set(['Human']));
    life.simulator.resetRequests();
    expect(await life.cycle()).toMatchObject({ type: 'incremental', state: 'succeeded' });
    expect(writesOf(life.simulator)).toEqual([]);
  });
});

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
    expect(await life.writes(cycle)).toEqual(['PATCH /Groups']);
    expect((await cycle).counts).toMatchObject({ membersAdded: 30, membersRemoved: 30 });
    await life.close();
  });
});

async function secondJob(life: Life, simulator: ScimSimulator): Promise<Life> {
  const made = await life.ok<{ servicePrincipal: { id: string } }>(
    'POST',
    '/v1.0/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate',
    { displayName: 'Another application' },
  );
  const servicePrincipalId = made.servicePrincipal.id;
  const root = `/v1.0/servicePrincipals/${servicePrincipalId}/synchronization`;
  await life.ok('PUT', `${root}/secrets`, {
    value: [
      { key: 'BaseAddress', value: simulator.url },
      { key: 'SecretToken', value: life.targetToken },
      { key: 'SyncAll', value: 'true' },
    ],
  });
  const { id: jobId } = await life.ok<{ id: string }>('POST', `${root}/jobs`, { templateId: 'scim' });
  const cycle: Life['cycle'] = (type = 'incremental', { dryRun = false } = {}) =>
    runToEnd((...request) => life.ok(...request), jobId, { type, dryRun });
  return livingOn({ ...life, simulator, servicePrincipalId, jobId, jobUrl: `${root}/jobs/${jobId}`, cycle }, true);
}

async function mapTitle(life: Life, source: object): Promise<void> {
  const schema = await life.ok<Schema>('GET', `${life.jobUrl}/schema`);
  for (const { objectMappings } of schema.synchronizationRules)
    for (const { attributeMappings } of objectMappings)
      for (const mapping of attributeMappings) if (mapping.targetAttributeName === 'title') mapping.source = source;
  await life.ok('PUT', `${life.jobUrl}/schema`, schema);
}

interface Schema {
  readonly synchronizationRules: readonly {
    readonly objectMappings: readonly {
      readonly attributeMappings: { readonly targetAttributeName: string; source: unknown }[];
    }[];
  }[];
}
