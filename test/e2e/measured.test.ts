// What a cycle leaves for those who watch: one id from the provisioning log to the request, and metrics that add up.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import type { CycleAnswer, TestEngine } from '../support/engine.ts';

interface Entry {
  readonly id: string;
  readonly changeId: string;
  readonly cycleId: string;
  readonly provisioningAction: string;
  readonly sourceIdentity: { readonly id: string };
}

let engine: TestEngine;
let cycle: CycleAnswer;
beforeAll(async () => {
  engine = await startTestEngine({ users: 8, groups: 2 });
  cycle = await engine.cycle('initial');
}, 120_000);
afterAll(() => engine.close());

describe('correlation', () => {
  const entries = async (): Promise<readonly Entry[]> =>
    (
      await engine.ok<{ value: readonly Entry[] }>(
        'GET',
        `/v1.0/auditLogs/provisioning?$filter=cycleId eq '${cycle.id}'`,
      )
    ).value;

  it('every write carries the change id of the log, every other request that or the id of the cycle', async () => {
    const ofObject = new Map((await entries()).map(({ changeId, sourceIdentity }) => [changeId, sourceIdentity.id]));
    const { log } = engine.simulator.requests();
    const writes = log.filter(({ method }) => method !== 'GET');
    expect(writes.length).toBeGreaterThan(8);
    for (const { correlationId } of writes) expect(ofObject.has(correlationId ?? '')).toBe(true);
    for (const { correlationId } of log)
      expect(ofObject.has(correlationId ?? '') || correlationId === cycle.id).toBe(true);
  });

  it('is one id for all that a cycle does to an object', async () => {
    const ids = new Map<string, Set<string>>();
    for (const { sourceIdentity, changeId } of await entries())
      ids.set(sourceIdentity.id, (ids.get(sourceIdentity.id) ?? new Set()).add(changeId));
    expect(ids.size).toBeGreaterThan(8);
    for (const of of ids.values()) expect(of.size).toBe(1);
  });

  it('finds all entries of a change by its id', async () => {
    const [first] = await entries();
    const found = await engine.ok<{ value: readonly Entry[] }>(
      'GET',
      `/v1.0/auditLogs/provisioning?$filter=changeId eq '${first?.changeId ?? ''}'`,
    );
    expect(found.value.map(({ sourceIdentity }) => sourceIdentity.id)).toContain(first?.sourceIdentity.id);
  });
});

describe('metrics', () => {
  const scrape = async (): Promise<string> => {
    const answer = await fetch(`${engine.url}/metrics`, { headers: { authorization: `Bearer ${engine.adminToken}` } });
    expect(answer.status).toBe(200);
    return answer.text();
  };
  const valueOf = (text: string, series: string): number => {
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    if (line === undefined) throw new Error(`no series ${series}`);
    return Number(line.slice(series.length + 1));
  };

  it('count what the cycle counted', async () => {
    const text = await scrape();
    const job = `job="${engine.jobId}"`;
    const created = ['users', 'groups'].map((phase) =>
      valueOf(text, `provisor_cycle_objects_total{${job},phase="${phase}",result="created"}`),
    );
    expect(created.reduce((a, b) => a + b)).toBe(cycle.counts.created);
    expect(valueOf(text, `provisor_membership_ops_total{${job},op="add",result="success"}`)).toBe(
      cycle.counts.membersAdded,
    );
    expect(valueOf(text, `provisor_cycle_duration_seconds_count{${job},type="initial",outcome="succeeded"}`)).toBe(1);
    expect(valueOf(text, `provisor_last_cycle_objects{${job},counter="created"}`)).toBe(cycle.counts.created);
    const sent = [...text.matchAll(/^provisor_target_requests_total\{[^}]*\} (\d+)$/gm)];
    expect(sent.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(engine.simulator.requests().log.length);
    expect(valueOf(text, 'provisor_directory_requests_total{code="200"}')).toBeGreaterThan(0);
  });

  it('tell how fresh jobs are, what is in error, and how full queue and pool are', async () => {
    const text = await scrape();
    const job = `job="${engine.jobId}"`;
    expect(valueOf(text, `provisor_linked_objects{${job},type="User"}`)).toBeGreaterThan(0);
    expect(valueOf(text, `provisor_staged_destructive_ops{${job}}`)).toBe(0);
    expect(valueOf(text, `provisor_intents_unresolved{${job}}`)).toBe(0);
    expect(valueOf(text, `provisor_objects_inflight{${job}}`)).toBe(0);
    for (const queue of ['cycles', 'pages', 'schedule'])
      expect(valueOf(text, `provisor_queue_jobs{queue="${queue}",state="active"}`)).toBeGreaterThanOrEqual(0);
    expect(valueOf(text, 'provisor_db_pool_connections{state="waiting"}')).toBe(0);
    // Nobody started this job, so it is not late.
    expect(text).not.toContain(`provisor_watermark_age_seconds{${job}}`);
    await engine.ok('POST', `${engine.jobUrl}/start`);
    const started = await scrape();
    expect(valueOf(started, `provisor_watermark_age_seconds{${job}}`)).toBeGreaterThanOrEqual(0);
    expect(valueOf(started, `provisor_source_lag_seconds{${job}}`)).toBeGreaterThanOrEqual(0);
  });

  it('name routes, never ids', async () => {
    await engine.call('GET', engine.jobUrl);
    const routes = [...(await scrape()).matchAll(/route="([^"]*)"/g)].map(([, route]) => route);
    expect(routes).toContain('/v1.0/servicePrincipals/:servicePrincipalId/synchronization/jobs/:jobId');
    expect(routes.join()).not.toContain(engine.jobId);
  });
});
