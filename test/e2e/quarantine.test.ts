// Escrow and quarantine on the whole engine: how a job falls ill, what it shows, how it is tried again and gets well.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';

interface Status {
  readonly code: string;
  readonly quarantine: { readonly reason: string; readonly seriesCount: number } | null;
  readonly countSuccessiveCompleteFailures: number;
}
interface Overview {
  readonly status: Status;
  readonly failedExchange: { readonly url: string; readonly status: number; readonly body: string } | null;
  readonly disabledAt: string | null;
}

describe('a job', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ users: 30, groups: 2 });
    await started(engine);
  });
  afterAll(() => engine.close());

  const overview = () => engine.ok<Overview>('GET', `/api/jobs/${engine.jobId}`);
  const escrows = <T>(rest: string, method = 'GET', body?: unknown) =>
    engine.ok<T>(method, `/api/jobs/${engine.jobId}/escrows${rest}`, body);
  const person = (name: string) =>
    engine.ok<{ id: string }>('POST', '/v1.0/users', {
      accountEnabled: true,
      displayName: name,
      mailNickname: name,
      userPrincipalName: `${name}@contoso.example`,
      passwordProfile: { password: 'not-a-real-one-1!' },
    });
  const lastName = () => engine.simulator.state().users.map((user) => user['userName']);

  it('is quarantined at once by credentials that are not accepted, and shows what was asked and answered', async () => {
    engine.simulator.setFaults({ failNext: 50, status: 403, failMethods: ['GET'] });
    expect((await engine.cycle()).state).toBe('failed');
    const { status, failedExchange, disabledAt } = await overview();
    expect(status).toMatchObject({
      code: 'Quarantine',
      quarantine: { reason: 'EncounteredQuarantineException', seriesCount: 1 },
      countSuccessiveCompleteFailures: 1,
    });
    expect(failedExchange).toMatchObject({ method: 'GET', status: 403 });
    expect(failedExchange?.url).toContain('eq "***"');
    expect(JSON.stringify(failedExchange)).not.toContain(engine.targetToken);
    expect(disabledAt).not.toBeNull();
  });

  it('stays in quarantine when the one object that goes first breaks as a system does, and the others wait', async () => {
    for (const name of ['first', 'second', 'third']) await person(name);
    engine.simulator.setFaults({ failNext: 100, status: 503, failMethods: ['POST'] });
    engine.simulator.resetRequests();
    expect((await engine.cycle()).state).toBe('failed');
    expect((await overview()).status).toMatchObject({ code: 'Quarantine', quarantine: { seriesCount: 2 } });
    expect((await escrows<{ value: unknown[] }>('')).value).toHaveLength(1);
  });

  it('gets well when the first object is borne: the others follow, and what failed is due again', async () => {
    engine.simulator.setFaults({ failNext: 0 });
    const cycle = await engine.cycle();
    expect(cycle.state).toBe('succeeded');
    expect((await overview()).status).toMatchObject({ code: 'Active', quarantine: null });
    await engine.cycle();
    expect(lastName()).toEqual(expect.arrayContaining(['first', 'second', 'third'].map((n) => `${n}@contoso.example`)));
    expect((await escrows<{ value: unknown[] }>('')).value).toEqual([]);
  });

  it('invariant 3: loses nothing that is ignored: it is counted, left alone by a full cycle, and provisioned on retry', async () => {
    const { id } = await person('poison');
    engine.simulator.setFaults({ rejectUserNames: ['poison@contoso.example'] });
    await engine.cycle();
    const [cause] = (await escrows<{ value: { cause: string; count: number }[] }>('/causes')).value;
    expect(cause?.count).toBe(1);
    const act = { cause: cause?.cause, reason: 'known to the vendor' };
    expect(await escrows('/ignore', 'POST', act)).toMatchObject({ count: 1, nextCycle: expect.any(String) as string });
    engine.simulator.setFaults({ rejectUserNames: [] });
    await engine.cycle('initial');
    expect(lastName()).not.toContain('poison@contoso.example');
    expect((await escrows<{ value: unknown[] }>(`?sourceId=${id}`)).value).toMatchObject([
      { state: 'ignored', note: 'known to the vendor', sourceId: id },
    ]);
    await escrows('/retry', 'POST', { ids: [id] });
    await engine.cycle();
    expect(lastName()).toContain('poison@contoso.example');
    expect((await escrows<{ value: unknown[] }>('')).value).toEqual([]);
  });

  it('refuses what it does not understand and changes nothing', async () => {
    const refused = async (verb: string, body: unknown) =>
      (await engine.call('POST', `/api/jobs/${engine.jobId}/escrows/${verb}`, body)).status;
    expect(await refused('retry', {})).toBe(400);
    expect(await refused('retry', { all: true, cause: 'x' })).toBe(400);
    expect(await refused('ignore', { ids: ['nobody'] })).toBe(404);
    expect(await refused('snooze', { all: true })).toBe(400);
    expect(await refused('snooze', { all: true, until: '2001-01-01T00:00:00Z' })).toBe(400);
    expect(
      (
        await engine.call('PATCH', engine.jobUrl, {
          synchronizationJobSettings: [{ name: 'EscrowRetrySchedule', value: 'PT6H,PT1H' }],
        })
      ).status,
    ).toBe(400);
  });

  it('of a small number of objects is quarantined by its own floor, and leaves that when it is repaired', async () => {
    const names = ['bad-1', 'bad-2', 'bad-3'];
    await engine.ok('PATCH', engine.jobUrl, {
      synchronizationJobSettings: [
        { name: 'QuarantineEscrowFloor', value: '3' },
        { name: 'QuarantineEscrowProportion', value: '5' },
      ],
    });
    for (const name of names) await person(name);
    engine.simulator.setFaults({ rejectUserNames: names.map((name) => `${name}@contoso.example`) });
    await engine.cycle();
    expect((await overview()).status.quarantine?.reason).toBe('EncounteredEscrowProportionThreshold');
    await started(engine, async () => expect((await overview()).status.quarantine).toBeNull());
    engine.simulator.setFaults({ rejectUserNames: [] });
    await escrows('/retry', 'POST', { all: true });
    await engine.cycle();
    expect((await overview()).status).toMatchObject({ code: 'Active', quarantine: null });
  });
});

/** A start runs a cycle at once: answers when it has ended. */
async function started(engine: TestEngine, look: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  const cycles = async () =>
    (await engine.ok<{ value: { endedAt: string | null }[] }>('GET', `/api/jobs/${engine.jobId}/cycles`)).value;
  const before = (await cycles()).length;
  await engine.ok('POST', `${engine.jobUrl}/start`);
  await look();
  for (;;) {
    const now = await cycles();
    if (now.length > before && now.every(({ endedAt }) => endedAt !== null)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
