// A directory that forgets, stumbles or is gone: absence is never evidence (invariants 1 and 2 on the whole engine), and
// accounts that were there before Provisor are taken over, not doubled.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { Oracle } from '../support/oracle.ts';
import { targetWorld } from '../support/target-world.ts';

interface User {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
}

describe('a directory in trouble', () => {
  let engine: TestEngine;
  let oracle: Oracle;
  beforeAll(async () => {
    engine = await startTestEngine({ users: 60, groups: 4 });
    oracle = new Oracle(engine, true);
  });
  afterAll(() => engine.close());

  const users = async (): Promise<readonly User[]> =>
    (
      await engine.ok<{ value: User[] }>(
        'GET',
        `/v1.0/users?$top=999&$select=id,userPrincipalName,displayName&$filter=${encodeURIComponent("accountEnabled eq true and userType eq 'Member'")}`,
      )
    ).value;
  const faults = (body: object) => engine.mock('POST', '/mock/faults', body);

  it('takes over accounts and a group that were there before, without a second one and without losing members', async () => {
    const [first, second] = await users();
    await engine.simulatorAccount((first?.userPrincipalName ?? '').toUpperCase());
    await engine.simulatorAccount(second?.userPrincipalName ?? '');
    await engine.simulatorAccount('stranger@elsewhere.example');
    const cycle = await engine.cycle('initial');
    expect(cycle.state).toBe('succeeded');
    expect(cycle.counts.updated).toBe(2);
    const target = targetWorld(engine.simulator);
    const { 'stranger@elsewhere.example': stranger, ...ours } = target.accounts;
    expect(stranger).toEqual({ userName: 'stranger@elsewhere.example', active: true, attributes: {}, manager: null });
    const expected = await oracle.world();
    const lower = (name: string): string => name.toLowerCase();
    expect(Object.keys(ours).map(lower).sort()).toEqual(Object.keys(expected.accounts).map(lower).sort());
  });

  it('invariant 1: reads everything again after its delta tokens expired, and deletes only who answers 404', async () => {
    const [purged, changed] = (await users()).slice(5);
    await faults({ expireTokens: true });
    await engine.ok('DELETE', `/v1.0/users/${purged?.id ?? ''}`);
    await engine.ok('DELETE', `/v1.0/directory/deletedItems/${purged?.id ?? ''}`);
    await engine.ok('PATCH', `/v1.0/users/${changed?.id ?? ''}`, { jobTitle: 'Read again' });
    const cycle = await engine.cycle();
    expect(cycle.state).toBe('succeeded');
    expect(cycle.counts).toMatchObject({ deleted: 1, disabled: 0 });
    expect(Object.keys(targetWorld(engine.simulator).accounts)).not.toContain(purged?.userPrincipalName);
  });

  it('invariant 2: gets through throttling, broken connections and slices, and ends in step', async () => {
    const [leaver] = (await users()).slice(8);
    await engine.ok('PATCH', `/v1.0/users/${leaver?.id ?? ''}`, { accountEnabled: false });
    await faults({
      resetGeneration: true,
      pageSize: 7,
      memberSliceSize: 5,
      duplicates: 4,
      reorder: true,
      throttle: { every: 9, retryAfter: 'none', seconds: 0 },
      dropConnection: 0.02,
    });
    const cycle = await engine.cycle();
    await faults({
      pageSize: 500,
      memberSliceSize: 500,
      duplicates: 0,
      reorder: false,
      throttle: null,
      dropConnection: 0,
    });
    expect(cycle.state).toBe('succeeded');
    expect(cycle.counts).toMatchObject({ disabled: 1, deleted: 0 });
    expect((await engine.cycle()).counts).toMatchObject({ disabled: 0, deleted: 0, targetWrites: 0 });
  });

  it('invariants 1 and 2: a read that never ends concludes nothing, and the next cycle makes up for it', async () => {
    const before = targetWorld(engine.simulator);
    const [leaver] = (await users()).slice(9);
    await engine.ok('PATCH', `/v1.0/users/${leaver?.id ?? ''}`, { accountEnabled: false });
    await faults({ pageSize: 5, loopNextLink: true, resetGeneration: true });
    const failed = await engine.cycle();
    expect(failed.state).toBe('failed');
    expect(failed.error?.code).toBe('DirectoryReadIncomplete');
    expect(targetWorld(engine.simulator)).toEqual(before);
    await faults({ pageSize: 500, loopNextLink: false });
    const healed = await engine.cycle();
    expect(healed.counts).toMatchObject({ disabled: 1, deleted: 0 });
  });
});
