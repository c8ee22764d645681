// The life of a job that synchronises everybody: pauses, restarts, lost answers, odd names, changes under way.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLife, until, writesOf, twice, namesIn, accountOf, mapTitle } from '../support/life.ts';
import type { Life } from '../support/life.ts';
import { targetWorld } from '../support/target-world.ts';

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
    expect(cycle).toMatchObject({ id: stopped?.id, type: 'initial', state: 'succeeded' });
    expect(cycle?.progress).toMatchObject({ done: cycle?.progress.total });
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
