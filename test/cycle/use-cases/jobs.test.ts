import { beforeEach, describe, expect, it } from 'vitest';
import { runCycle } from '../../../src/cycle/use-cases/cycles.ts';
import { pauseJob, restartJob, startJob } from '../../../src/cycle/use-cases/job-life-cycle.ts';
import { jobStatus } from '../../../src/cycle/use-cases/job-status.ts';
import { createJob, deleteJob, patchJob } from '../../../src/cycle/use-cases/jobs.ts';
import { readRestartScope } from '../../../src/cycle/use-cases/restart-scope.ts';
import { noCounts } from '../../../src/rules/model/job.ts';
import type { Job, Quarantine } from '../../../src/rules/model/job.ts';
import { cycleOf, fakeWorld, SP } from '../../support/fake-deps.ts';
import type { FakeWorld } from '../../support/fake-deps.ts';

const actor = 'somebody';
const quarantine: Quarantine = {
  reason: 'TooManyDeletes',
  currentBegan: new Date(0),
  nextAttempt: new Date(0),
  seriesBegan: new Date(0),
  seriesCount: 1,
  error: null,
};

let world: FakeWorld;
let job: Job;
beforeEach(async () => {
  world = fakeWorld();
  job = await createJob(world.deps, { servicePrincipalId: SP.id, templateId: 'scim', actor });
});
const now = (): Job => world.jobs.get(job.id) ?? job;
const change = (patch: Partial<Job>): void => void world.jobs.set(job.id, { ...now(), ...patch });
const running = (): void => void world.cycles.push(cycleOf(job.id, { id: 'running', state: 'running', endedAt: null }));

describe('creating a job', () => {
  it('makes it disabled, named by template, tenant and a guid, with the schema of its template', async () => {
    expect(job.id).toMatch(/^scim\.ff8bf889e03141ac8f7baedb059892ee\.[0-9a-f-]{36}$/);
    expect(job.scheduleState).toBe('Disabled');
    expect((await world.deps.jobs.schema(job.id)).schema.id).toBe(job.id);
    expect(world.audits.map(({ actor: who, activity }) => [who, activity])).toEqual([
      [actor, 'Add provisioning configuration'],
    ]);
  });

  it('refuses an unknown template and an unknown service principal, and makes nothing', async () => {
    await expect(createJob(world.deps, { servicePrincipalId: SP.id, templateId: 'nope', actor })).rejects.toMatchObject(
      {
        code: 'TemplateNotFound',
        target: 'templateId',
      },
    );
    await expect(
      createJob(world.deps, { servicePrincipalId: 'nobody', templateId: 'scim', actor }),
    ).rejects.toMatchObject({
      code: 'Request_ResourceNotFound',
    });
    expect(world.jobs.size).toBe(1);
  });
});

describe('the life of a job', () => {
  it('starts it at once and lifts its quarantine; a second start does nothing', async () => {
    change({ quarantine, successiveFailures: 3 });
    await startJob(world.deps, now(), actor);
    expect(now()).toMatchObject({ scheduleState: 'Active', quarantine: null, successiveFailures: 0 });
    expect(world.queued).toEqual([`schedule ${job.id} 2400 2026-05-18T19:00:00.000Z`]);
    await startJob(world.deps, now(), actor);
    expect(world.queued).toHaveLength(1);
  });

  it('pauses it: the schedule ends, the running cycle is stopped, the watermark is kept', async () => {
    change({ scheduleState: 'Active', watermark: 42 });
    running();
    await pauseJob(world.deps, now(), actor);
    expect(now()).toMatchObject({ scheduleState: 'Paused', watermark: 42 });
    expect(world.cycles[0]?.state).toBe('stopped');
    expect(world.queued).toEqual([`unschedule ${job.id}`]);
  });

  it('restarts it as the portal does: watermark, escrows and quarantine are reset, links are kept', async () => {
    change({ watermark: 42, quarantine });
    running();
    await restartJob(world.deps, now(), readRestartScope(undefined), actor);
    expect(now()).toMatchObject({ scheduleState: 'Active', watermark: null, quarantine: null });
    expect(world.forgotten).toEqual(['escrows']);
    expect(world.cycles[0]?.state).toBe('stopped');
  });

  it('resets only what is named', async () => {
    change({ scheduleState: 'Active', watermark: 42, quarantine: { ...quarantine, reason: 'Unknown' } });
    await restartJob(world.deps, now(), readRestartScope('Escrows'), actor);
    expect(now()).toMatchObject({ watermark: 42, quarantine: { reason: 'Unknown' } });
    await restartJob(world.deps, now(), readRestartScope('Full'), actor);
    expect(now()).toMatchObject({ watermark: null, quarantine: null });
    expect(world.forgotten).toEqual(['escrows', 'escrows', 'links']);
  });

  it('lets held deletions pass with ForceDeletes, which lifts the quarantine that holds them', async () => {
    change({ watermark: 42, quarantine });
    await restartJob(world.deps, now(), readRestartScope('ForceDeletes'), actor);
    expect(now()).toMatchObject({ watermark: 42, quarantine: null });
    expect(world.decided).toEqual(['approved: Restarted with ForceDeletes.']);
  });

  it('invariant 9: deleting it ends its schedule and its cycle and asks nothing of the target', async () => {
    running();
    await deleteJob(world.deps, now(), actor);
    expect(world.jobs.size).toBe(0);
    expect(world.cycles[0]?.state).toBe('stopped');
    expect(world.queued).toEqual([`unschedule ${job.id}`]);
  });
});

describe('resetScope', () => {
  const cases: readonly (readonly [unknown, readonly string[]])[] = [
    [undefined, ['Escrows', 'QuarantineState', 'Watermark']],
    ['', ['Escrows', 'QuarantineState', 'Watermark']],
    ['None', []],
    ['watermark ,ESCROWS', ['Escrows', 'Watermark']],
    [
      ['Watermark', 'Escrows, ForceDeletes'],
      ['Escrows', 'ForceDeletes', 'Watermark'],
    ],
    ['Full', ['ConnectorDataStore', 'Escrows', 'QuarantineState', 'Watermark']],
    [15, ['ConnectorDataStore', 'Escrows', 'QuarantineState', 'Watermark']],
    ['36', ['ForceDeletes', 'Watermark']],
  ];
  it.each(cases)('reads %j', (given, expected) => {
    expect([...readRestartScope(given)].sort()).toEqual(expected);
  });
  it.each([['Everything'], [16], [{}]])('refuses %j', (given) => {
    expect(() => readRestartScope(given)).toThrow(/resetScope/);
  });
});

describe('running a cycle', () => {
  const operator = { type: 'incremental', dryRun: false, trigger: 'operator', actor } as const;
  beforeEach(() => void world.secrets.set(SP.id, { BaseAddress: 'https://app.example/scim', SecretToken: 'hush' }));

  it('without a watermark is an initial one, and a worker is asked to begin', async () => {
    const result = await runCycle(world.deps, now(), operator);
    expect(result).toMatchObject({ kind: 'opened', cycle: { type: 'initial', from: 0, state: 'queued' } });
    expect(world.queued).toEqual([`advance ${result.cycle.id} refresh`]);
  });

  it('goes on from the watermark', async () => {
    change({ watermark: 42 });
    world.cycles.push(cycleOf(job.id));
    expect(await runCycle(world.deps, now(), operator)).toMatchObject({ cycle: { type: 'incremental', from: 42 } });
  });

  it('evaluates everything when the watermark was moved by a cycle with an older schema that decides otherwise', async () => {
    const { schema } = await world.deps.jobs.schema(job.id);
    const otherwise = schema.synchronizationRules.map(({ objectMappings, ...rule }) => ({
      ...rule,
      objectMappings: objectMappings.map((mapping) => ({ ...mapping, enabled: false })),
    }));
    await world.deps.jobs.saveSchema(job.id, { ...schema, synchronizationRules: otherwise }, actor);
    change({ watermark: 42 });
    world.cycles.push(cycleOf(job.id, { schemaVersion: 1 }));
    expect(await runCycle(world.deps, now(), operator)).toMatchObject({
      cycle: { type: 'initial', from: 0, schemaVersion: 2 },
    });
  });

  it('never starts a second one over a running one', async () => {
    running();
    expect(await runCycle(world.deps, now(), operator)).toMatchObject({ kind: 'running', cycle: { id: 'running' } });
    expect(world.queued).toEqual([]);
  });

  it('tells an operator that credentials are missing; a scheduled one opens, so that the job shows it', async () => {
    world.secrets.clear();
    await expect(runCycle(world.deps, now(), operator)).rejects.toMatchObject({ code: 'CredentialsMissing' });
    expect(await runCycle(world.deps, now(), { ...operator, trigger: 'schedule' })).toMatchObject({ kind: 'opened' });
  });
});

describe('changing a job', () => {
  it('merges settings by name, removes those set to null, and checks those it knows', async () => {
    await patchJob(world.deps, now(), {
      actor,
      settings: { QuarantineTooManyDeletesThreshold: '50', AzureIngestionAttributeOptimization: null },
    });
    expect(now().settings).toEqual({ QuarantineTooManyDeletesThreshold: '50' });
    await expect(
      patchJob(world.deps, now(), { actor, settings: { QuarantineTooManyDeletesThreshold: 'many' } }),
    ).rejects.toMatchObject({
      target: 'synchronizationJobSettings/QuarantineTooManyDeletesThreshold',
    });
    expect(now().settings).toEqual({ QuarantineTooManyDeletesThreshold: '50' });
  });

  it('counts a new interval from the start of the last cycle', async () => {
    change({ scheduleState: 'Active' });
    world.cycles.push(cycleOf(job.id, { queuedAt: new Date('2026-05-18T18:50:00Z') }));
    await patchJob(world.deps, now(), { actor, intervalSeconds: 1200 });
    expect(world.queued).toEqual([`schedule ${job.id} 1200 2026-05-18T19:10:00.000Z`]);
  });
});

describe('status', () => {
  it('is Paused before the start, NotRun before the first end, Active after it, Quarantine in trouble', async () => {
    const code = async (): Promise<string> => (await jobStatus(world.deps, now())).code;
    expect(await code()).toBe('Paused');
    change({ scheduleState: 'Active' });
    running();
    expect(await code()).toBe('NotRun');
    world.cycles.push(cycleOf(job.id, { queuedAt: new Date(0) }));
    expect(await code()).toBe('Active');
    change({ quarantine });
    expect(await code()).toBe('Quarantine');
  });

  it('counts neither a what-if nor a stopped cycle as an execution', async () => {
    const at = (minute: number): Date => new Date(Date.parse('2026-05-18T18:00:00Z') + minute * 60_000);
    world.cycles.push(
      cycleOf(job.id, { id: 'writes', queuedAt: at(0), counts: { ...noCounts, targetWrites: 3 } }),
      cycleOf(job.id, { id: 'quiet', queuedAt: at(1) }),
      cycleOf(job.id, { id: 'lost', queuedAt: at(2), state: 'failed' }),
      cycleOf(job.id, { id: 'what-if', queuedAt: at(3), dryRun: true }),
      cycleOf(job.id, { id: 'stopped', queuedAt: at(4), state: 'stopped' }),
    );
    const status = await jobStatus(world.deps, now());
    expect([status.lastExecution?.id, status.lastSuccessful?.id, status.lastSuccessfulWithExports?.id]).toEqual([
      'lost',
      'quiet',
      'writes',
    ]);
  });
});
