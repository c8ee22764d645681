// Figures on the real database, the port of a worker, and lines that say what they belong to.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../config/settings.ts';
import { openLogger } from '../../src/app/engine.ts';
import { describeDatabase } from '../../src/app/metrics/from-database.ts';
import { openMetrics } from '../../src/app/metrics/registry.ts';
import { serveMetrics } from '../../src/app/metrics/serve.ts';
import { aboutObject, changeIdOf, correlated, correlation } from '../../src/cycle/correlation.ts';
import { noCounts } from '../../src/rules/model/job.ts';
import type { JobFigures } from '../../src/store/figures.ts';

const now = new Date('2026-05-18T12:00:00Z');
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const job: JobFigures = {
  jobId: 'j1',
  servicePrincipalId: 'sp',
  templateId: 'scim',
  application: 'Contoso',
  scheduleState: 'Active',
  intervalSeconds: 2400,
  createdAt: before(9000),
  quarantineReason: null,
  evaluatedAt: before(600),
  oldestPending: null,
  running: null,
  lastCounts: { ...noCounts, created: 3 },
  links: { User: 5 },
  held: 2,
  intents: 1,
};
const shown = async (
  jobs: readonly JobFigures[],
  secrets: Readonly<Record<string, string>> = {},
  metrics = openMetrics(),
): Promise<string> => {
  await describeDatabase(metrics, {
    figures: () => Promise.resolve({ jobs, escrows: [{ jobId: 'j1', code: 'Conflict', count: 4 }] }),
    depths: () => Promise.resolve([{ queue: 'pages', state: 'waiting', count: 7 }]),
    secrets: { get: () => Promise.resolve(secrets) },
    now: () => now,
  });
  return metrics.text();
};

describe('gauges of jobs', () => {
  it('tell ages in seconds, and no lag without a pending change', async () => {
    const text = await shown([job]);
    expect(text).toContain('provisor_watermark_age_seconds{job="j1"} 600');
    expect(text).toContain('provisor_source_lag_seconds{job="j1"} 0');
    expect(text).toContain('provisor_jobs{status="Active"} 1');
    expect(text).toContain('provisor_escrow_entries{job="j1",cause="Conflict",class="schedule"} 4');
    expect(text).toContain('provisor_staged_destructive_ops{job="j1"} 2');
    expect(text).toContain('provisor_queue_jobs{queue="pages",state="waiting"} 7');
  });

  it('tell the age of the oldest pending change', async () => {
    expect(await shown([{ ...job, oldestPending: before(90) }])).toContain('provisor_source_lag_seconds{job="j1"} 90');
  });

  it('count a job that never ended a cycle from its creation', async () => {
    const text = await shown([{ ...job, evaluatedAt: null, lastCounts: null }]);
    expect(text).toContain('provisor_watermark_age_seconds{job="j1"} 9000');
    expect(text).toContain('provisor_jobs{status="NotRun"} 1');
  });

  it('tell of a quarantine while it lasts, and no longer', async () => {
    const metrics = openMetrics();
    const ill = await shown([{ ...job, quarantineReason: 'TooManyDeletes' }], {}, metrics);
    expect(ill).toContain('provisor_job_quarantined{job="j1",reason="TooManyDeletes"} 1');
    expect(await shown([job], {}, metrics)).not.toContain('provisor_job_quarantined{');
  });

  it('know the end of a token that says it, and show nothing of it', async () => {
    const exp = now.getTime() / 1000 + 86_400;
    const token = `e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.c2ln`;
    const text = await shown([job], { SecretToken: token });
    expect(text).toContain('provisor_credential_expiry_seconds{job="j1"} 86400');
    expect(text).not.toContain(token);
    for (const opaque of ['opaque', 'a.b.c', 'e30.e30.x'])
      expect(await shown([job], { SecretToken: opaque })).not.toContain('provisor_credential_expiry_seconds{');
  });
});

describe('the port of a process without an API', () => {
  it('shows its metrics, and nothing else', async () => {
    const metrics = openMetrics();
    metrics.count('provisor_directory_requests_total', { code: '429' });
    const server = await serveMetrics(metrics, '127.0.0.1', 0);
    try {
      const answer = await fetch(`http://127.0.0.1:${String(server.port)}/metrics`);
      expect(answer.headers.get('content-type')).toContain('text/plain');
      expect(await answer.text()).toContain('provisor_directory_requests_total{code="429"} 1');
      expect((await fetch(`http://127.0.0.1:${String(server.port)}/api/jobs`)).status).toBe(404);
    } finally {
      await server.close();
    }
  });

  it('says which setting names a port that is taken', async () => {
    const server = await serveMetrics(openMetrics(), '127.0.0.1', 0);
    try {
      await expect(serveMetrics(openMetrics(), '127.0.0.1', server.port)).rejects.toThrow(/^PROVISOR_METRICS_PORT /);
    } finally {
      await server.close();
    }
  });
});

describe('lines of the log', () => {
  it('carry the ids of the work that they were written in', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'provisor-log-'));
    try {
      const file = join(dir, 'log');
      const logger = openLogger(readSettings({}), file);
      correlated({ jobId: 'j', cycleId: 'c' }, () => {
        correlated({ pageId: 'p' }, () => aboutObject('u1', () => logger.info({ more: 1 }, 'inside')));
        logger.info('between');
      });
      logger.info('outside');
      await new Promise<void>((done) => logger.flush(() => done()));
      const lines = (await readFile(file, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(lines).toMatchObject([
        { msg: 'inside', jobId: 'j', cycleId: 'c', pageId: 'p', changeId: changeIdOf('c', 'u1'), more: 1 },
        { msg: 'between', jobId: 'j', cycleId: 'c' },
        { msg: 'outside' },
      ]);
      expect(lines[1]).not.toHaveProperty('pageId');
      expect(lines[2]).not.toHaveProperty('cycleId');
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('never mix the ids of work that runs at the same time', async () => {
    const seen = await Promise.all(
      ['a', 'b', 'c'].map((cycleId) =>
        correlated({ cycleId }, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return correlation().cycleId;
        }),
      ),
    );
    expect(seen).toEqual(['a', 'b', 'c']);
  });
});
