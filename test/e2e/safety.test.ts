// What must never happen, tried on the whole engine: mass deletions, poison objects, state that reaches the target.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { targetWorld } from '../support/target-world.ts';

describe('safety', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ users: 40, groups: 3 });
    expect((await engine.cycle('initial')).state).toBe('succeeded');
  });
  afterAll(() => engine.close());

  const enabledUsers = async (): Promise<readonly { id: string; userPrincipalName: string }[]> =>
    (
      await engine.ok<{ value: { id: string; userPrincipalName: string }[] }>(
        'GET',
        `/v1.0/users?$top=999&$select=id,userPrincipalName&$filter=${encodeURIComponent("accountEnabled eq true and userType eq 'Member'")}`,
      )
    ).value;
  const inactive = () => Object.values(targetWorld(engine.simulator).accounts).filter(({ active }) => !active).length;

  it('invariant 4: holds all disables beyond the threshold, goes on with updates, and lets them pass after ForceDeletes', async () => {
    await engine.ok('PATCH', engine.jobUrl, {
      synchronizationJobSettings: [
        { name: 'QuarantineTooManyDeletes', value: 'True' },
        { name: 'QuarantineTooManyDeletesThreshold', value: '3' },
      ],
    });
    const [changed, ...leavers] = (await enabledUsers()).slice(0, 6);
    await engine.ok('PATCH', `/v1.0/users/${changed?.id ?? ''}`, { jobTitle: 'Still here' });
    for (const { id } of leavers) await engine.ok('PATCH', `/v1.0/users/${id}`, { accountEnabled: false });
    const before = inactive();
    const cycle = await engine.cycle();
    expect(cycle.counts).toMatchObject({ updated: 1, held: 5, disabled: 0 });
    expect(inactive()).toBe(before);
    const job = await engine.ok<{ status: { code: string; quarantine: { reason: string } } }>('GET', engine.jobUrl);
    expect(job.status.quarantine.reason).toBe('TooManyDeletes');
    // Neither an unrelated change nor a full cycle lets a held one slip through, and the quarantine stays.
    for (const { id } of leavers) await engine.ok('PATCH', `/v1.0/users/${id}`, { jobTitle: 'Leaving' });
    expect((await engine.cycle()).counts).toMatchObject({ disabled: 0, held: 5 });
    expect((await engine.cycle('initial')).counts).toMatchObject({ disabled: 0, held: 5 });
    expect((await engine.cycle()).counts).toMatchObject({ disabled: 0, held: 0 });
    expect(await engine.ok('GET', engine.jobUrl)).toMatchObject({
      status: { quarantine: { reason: 'TooManyDeletes' } },
    });
    await engine.ok('POST', `${engine.jobUrl}/restart`, { criteria: { resetScope: 'ForceDeletes' } });
    await waitUntil(() => inactive() - before === 5);
    await idle(engine);
    await engine.ok('POST', `${engine.jobUrl}/pause`);
  });

  it('invariant 8: a user whom the target refuses goes to escrow, everybody else is provisioned', async () => {
    const made = [];
    for (const name of ['poison', 'healthy-1', 'healthy-2'])
      made.push(
        await engine.ok<{ id: string }>('POST', '/v1.0/users', {
          accountEnabled: true,
          displayName: name,
          mailNickname: name,
          userPrincipalName: `${name}@contoso.example`,
          passwordProfile: { password: 'not-a-real-one-1!' },
        }),
      );
    engine.simulator.setFaults({ rejectUserNames: ['poison@contoso.example'] });
    const cycle = await engine.cycle();
    expect(cycle.state).toBe('entryLevelErrors');
    expect(cycle.counts).toMatchObject({ created: 2, failed: 1 });
    const entry = await logOf(engine, made[0]?.id ?? '', 'failure');
    expect(entry.provisioningStatusInfo.errorInformation.recommendedAction).toMatch(/\S/);
    engine.simulator.setFaults({ rejectUserNames: [] });
    await engine.ok('PATCH', `/v1.0/users/${made[0]?.id ?? ''}`, { jobTitle: 'Cured' });
    expect((await engine.cycle()).state).toBe('succeeded');
    expect(Object.keys(targetWorld(engine.simulator).accounts)).toContain('poison@contoso.example');
  });

  it('invariants 3 and 6: an answer lost after a create is looked up before it is repeated', async () => {
    await engine.ok('POST', '/v1.0/users', {
      accountEnabled: true,
      displayName: 'Lost Answer',
      mailNickname: 'lost.answer',
      userPrincipalName: 'lost.answer@contoso.example',
      passwordProfile: { password: 'not-a-real-one-1!' },
    });
    engine.simulator.setFaults({ failNext: 1, failMethods: ['POST'], dropConnection: 'after' });
    const first = await engine.cycle();
    expect(first.state).toBe('entryLevelErrors');
    const second = await engine.cycle();
    expect(second.state).toBe('succeeded');
    expect(second.counts.created).toBe(0);
    const names = engine.simulator.state().users.map((user) => user['userName']);
    expect(names.filter((name) => name === 'lost.answer@contoso.example')).toHaveLength(1);
  });

  it('invariant 9: deleting the job and its state leaves every account as it is', async () => {
    await engine.simulatorAccount('stranger@elsewhere.example');
    const before = targetWorld(engine.simulator);
    engine.simulator.resetRequests();
    await engine.ok('DELETE', engine.jobUrl);
    expect(await engine.call('GET', engine.jobUrl)).toMatchObject({ status: 404 });
    expect(targetWorld(engine.simulator)).toEqual(before);
    expect(engine.simulator.requests().total).toBe(0);
  });
});

interface LogEntry {
  readonly provisioningStatusInfo: {
    readonly status: string;
    readonly errorInformation: { readonly recommendedAction: string };
  };
}
async function logOf(engine: TestEngine, sourceId: string, status: string): Promise<LogEntry> {
  const filter = encodeURIComponent(`sourceIdentity/id eq '${sourceId}'`);
  const { value } = await engine.ok<{ value: LogEntry[] }>('GET', `/v1.0/auditLogs/provisioning?$filter=${filter}`);
  const entry = value.find((one) => one.provisioningStatusInfo.status === status);
  if (entry === undefined) throw new Error(`no ${status} of ${sourceId} in the log: ${JSON.stringify(value)}`);
  return entry;
}

async function waitUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}
async function idle(engine: TestEngine): Promise<void> {
  for (;;) {
    const { value } = await engine.ok<{ value: { endedAt: string | null }[] }>(
      'GET',
      `/api/jobs/${engine.jobId}/cycles`,
    );
    if (value.every(({ endedAt }) => endedAt !== null)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
