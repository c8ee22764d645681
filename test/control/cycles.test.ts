import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noCounts } from '../../src/rules/model/job.ts';
import { SP } from '../support/fake-deps.ts';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

let control: Control;
let jobId: string;
beforeEach(async () => {
  control = await openControl();
  const created = await control.post(`/v1.0/servicePrincipals/${SP.id}/synchronization/jobs`, { templateId: 'scim' });
  jobId = created.json<{ id: string }>().id;
  control.world.secrets.set(SP.id, { BaseAddress: 'https://app.example/scim' });
});
afterEach(() => control.close());

describe('cycles', () => {
  it('run on demand, one at a time, and are shown in the documented shape', async () => {
    const first = await control.post(`/api/jobs/${jobId}/cycles`, { type: 'incremental', dryRun: true });
    expect(first.statusCode).toBe(202);
    const { id } = first.json<{ id: string }>();
    expect(first.json()).toEqual({ id });
    const shown = {
      id,
      jobId,
      type: 'initial',
      dryRun: true,
      state: 'queued',
      phase: 'refresh',
      startedAt: null,
      endedAt: null,
      progress: { done: 0, total: 0 },
      counts: { ...noCounts },
    };
    expect((await control.send('GET', `/api/cycles/${id}`)).json()).toEqual(shown);
    expect((await control.send('GET', `/api/jobs/${jobId}/cycles`)).json()).toEqual({ value: [shown] });

    const second = await control.post(`/api/jobs/${jobId}/cycles`, { type: 'initial' });
    expect(second.statusCode).toBe(409);
    expect(second.json<{ error: { message: string } }>().error.message).toContain(id);
  });

  it('are refused for an unknown job or type, or without credentials', async () => {
    const status = async (job: string, body: object) =>
      (await control.post(`/api/jobs/${job}/cycles`, body)).statusCode;
    expect(await status('nope', { type: 'initial' })).toBe(404);
    expect(await status(jobId, { type: 'full' })).toBe(400);
    control.world.secrets.clear();
    expect(await status(jobId, { type: 'initial' })).toBe(400);
    expect((await control.send('GET', '/api/cycles/nope')).statusCode).toBe(404);
  });
});

describe('the list of all jobs', () => {
  it('shows them with name, application and the cycle that runs', async () => {
    const { id } = (await control.post(`/api/jobs/${jobId}/cycles`, { type: 'initial' })).json<{ id: string }>();
    const { value } = (await control.send('GET', '/api/jobs')).json<{ value: unknown[] }>();
    expect(value).toMatchObject([
      { id: jobId, displayName: SP.displayName, servicePrincipalId: SP.id, currentCycle: { id } },
    ]);
  });
});
