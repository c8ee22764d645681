// Jobs, schemas, secrets and logs.
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../src/rules/model/log.ts';
import type { Quarantine } from '../../src/rules/model/job.ts';
import { openStore } from '../../src/store/open-store.ts';
import { created, group, jobId, openWorld, schema, secretKey, tenantId, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

describe('a job', () => {
  it('starts disabled, without a watermark, with the first version of its schema', async () => {
    expect(world.job).toMatchObject({
      id: jobId,
      scheduleState: 'Disabled',
      watermark: null,
      quarantine: null,
      successiveFailures: 0,
    });
    expect(await world.store.jobs.get(jobId)).toEqual(world.job);
    expect(await world.store.jobs.schema(jobId)).toMatchObject({ version: 1, schema });
    expect(await world.store.jobs.get('none')).toBeNull();
  });

  it('keeps what a patch says and leaves the rest alone', async () => {
    const at = new Date(1_000_000);
    const quarantine: Quarantine = {
      reason: 'EncounteredQuarantineException',
      currentBegan: at,
      nextAttempt: at,
      seriesBegan: at,
      seriesCount: 2,
      error: { code: 'InternalError', message: 'why' },
    };
    await world.store.jobs.update(jobId, { quarantine, watermark: 7, settings: { a: 'b' }, steadyStateFirst: at });
    await world.store.jobs.update(jobId, { scheduleState: 'Active' });
    const changed = { quarantine, watermark: 7, settings: { a: 'b' }, steadyStateFirst: at, scheduleState: 'Active' };
    expect(await world.store.jobs.get(jobId)).toEqual({ ...world.job, ...changed });
    expect(await world.store.jobs.update(jobId, { quarantine: null, watermark: null })).toMatchObject({
      quarantine: null,
      watermark: null,
    });
    await expect(world.store.jobs.update('none', { watermark: 1 })).rejects.toThrow(
      /Job none was not changed: it does not exist/,
    );
  });

  it('is listed by its service principal', async () => {
    const of = async (servicePrincipalId: string) =>
      (await world.store.jobs.list({ servicePrincipalId })).map(({ id }) => id);
    expect(await of('sp')).toEqual([jobId]);
    expect(await of('other')).toEqual([]);
    expect(await world.store.jobs.list()).toHaveLength(1);
  });

  it('keeps every version of its schema, also when two are saved at once', async () => {
    const saved = await Promise.all(['a', 'b'].map((id) => world.store.jobs.saveSchema(jobId, { ...schema, id }, id)));
    expect(saved.map(({ version }) => version).sort()).toEqual([2, 3]);
    expect((await world.store.jobs.schema(jobId)).version).toBe(3);
    expect(await world.store.jobs.schemaVersion(jobId, 1)).toMatchObject({ schema });
  });

  it('counts its links and escrows, and forgets each on its own', async () => {
    await world.save({ objects: [user('u'), user('v'), group('g')] });
    await world.link(user('u'), group('g'));
    const cycle = await world.begin('initial');
    const error = { code: 'BadRequest' as const, message: 'no' };
    await world.record(await world.page(cycle, 'users'), [{ kind: 'failed', action: created('v').action, error }]);
    const { jobs } = world.store;
    expect([await jobs.linkCounts(jobId), await jobs.escrowCount(jobId)]).toEqual([{ User: 1, Group: 1 }, 1]);
    await jobs.reset(jobId, ['escrows'], {});
    expect([await jobs.linkCounts(jobId), await jobs.escrowCount(jobId)]).toEqual([{ User: 1, Group: 1 }, 0]);
    await jobs.reset(jobId, ['links'], {});
    expect(await jobs.linkCounts(jobId)).toEqual({ User: 0, Group: 0 });
  });

  it('invariant 9: leaves nothing behind when it is deleted but the log of what it did', async () => {
    await world.save({ objects: [user('u')] });
    const cycle = await world.begin('initial');
    await world.record(await world.page(cycle, 'users'), [created('u')], { log: [entry('1', 0)] });
    await world.store.jobs.delete(jobId);
    for (const table of [
      'job',
      'job_schema',
      'cycle',
      'page',
      'link',
      'link_member',
      'intent',
      'pending_reference',
      'escrow',
      'held_deletion',
      'former_link',
    ]) {
      expect(await world.rows(`SELECT 1 FROM ${table}`), table).toEqual([]);
    }
    expect(await world.store.logs.provisioningEntry('1')).not.toBeNull();
  });
});

describe('invariant 11: secrets', () => {
  it('come back as they were saved, and are replaced as a whole', async () => {
    const { secrets } = world.store;
    await secrets.replace('sp', { BaseAddress: 'https://x/scim', SecretToken: 'très secret 😀' });
    expect(await secrets.get('sp')).toEqual({ BaseAddress: 'https://x/scim', SecretToken: 'très secret 😀' });
    await secrets.replace('sp', { SecretToken: 'new' });
    expect(await secrets.get('sp')).toEqual({ SecretToken: 'new' });
    expect(await secrets.get('other')).toEqual({});
  });

  it('are not readable in the database', async () => {
    await world.store.secrets.replace('sp', { SecretToken: 'open sesame' });
    const [row] = await world.rows<{ ciphertext: Buffer; nonce: Buffer }>('SELECT * FROM secret');
    expect(row?.ciphertext.includes('open sesame')).toBe(false);
    expect(JSON.stringify(row)).not.toContain('sesame');
  });

  it('do not open under another key, which is said with both key ids', async () => {
    await world.store.secrets.replace('sp', { SecretToken: 'x' });
    const other = await openStore({ databaseUrl: world.url, secretKey: Buffer.alloc(32, 9) });
    await expect(other.secrets.get('sp')).rejects.toThrow(
      /SecretToken of service principal sp was encrypted with key [0-9a-f]{8}, but PROVISOR_SECRET_KEY is key [0-9a-f]{8}/,
    );
    await other.close();
  });

  it('do not open when they were moved to another application or changed by hand', async () => {
    await world.store.secrets.replace('sp', { SecretToken: 'x' });
    await world.rows(`UPDATE secret SET service_principal_id = 'thief'`);
    await expect(world.store.secrets.get('thief')).rejects.toThrow(/was changed in the database/);
  });
});

const entry = (id: string, at: number, more: Partial<LogEntry> = {}): LogEntry => ({
  id,
  activityDateTime: new Date(at),
  tenantId,
  jobId,
  cycleId: 'c',
  changeId: `change-${id}`,
  servicePrincipal: { id: 'sp', displayName: 'App' },
  provisioningAction: 'create',
  status: 'success',
  error: null,
  durationInMilliseconds: 12,
  sourceIdentity: { id: `source-${id}`, displayName: `Person ${id}%_`, identityType: 'User', details: { a: 'b' } },
  targetIdentity: { id: `target-${id}`, displayName: '', identityType: 'User', details: {} },
  steps: [{ name: 's', provisioningStepType: 'import', status: 'success', description: 'd', details: {} }],
  modifiedProperties: [{ displayName: 'x', oldValue: null, newValue: '1' }],
  ...more,
});

describe('the provisioning log', () => {
  const write = async (...entries: readonly LogEntry[]) => {
    await world.save({ objects: [user('u')] });
    await world.record(await world.page(await world.begin('initial'), 'users'), [], { log: entries });
  };
  const idsOf = async (query: Omit<Parameters<World['store']['logs']['provisioning']>[0], 'limit'>) =>
    (await world.store.logs.provisioning({ ...query, limit: 100 })).entries.map(({ id }) => id);

  it('gives entries back as they were written', async () => {
    const written = entry('1', 5000);
    await write(written);
    expect(await world.store.logs.provisioningEntry('1')).toEqual(written);
    expect(await world.store.logs.provisioningEntry('none')).toBeNull();
  });

  it.each([true, false])(
    'is paged without gaps or repeats, also where many entries share a moment (ascending: %s)',
    async (ascending) => {
      await write(
        ...Array.from({ length: 25 }, (_, i) => entry(`e${String(i).padStart(2, '0')}`, Math.floor(i / 10) * 1000)),
      );
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await world.store.logs.provisioning({
          ascending,
          limit: 7,
          ...(cursor === undefined ? {} : { cursor }),
        });
        seen.push(...page.entries.map(({ id }) => id));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      const all = Array.from({ length: 25 }, (_, i) => `e${String(i).padStart(2, '0')}`);
      expect(seen).toEqual(ascending ? all : all.reverse());
    },
  );

  it('is searched by what an administrator knows', async () => {
    await write(
      entry('1', 1000),
      entry('2', 2000, { status: 'failure', provisioningAction: 'update', cycleId: 'd' }),
      entry('3', 3000),
    );
    expect(await idsOf({ status: 'failure' })).toEqual(['2']);
    expect(await idsOf({ action: 'create', ascending: true })).toEqual(['1', '3']);
    expect(await idsOf({ cycleId: 'd' })).toEqual(['2']);
    expect(await idsOf({ changeId: 'change-3' })).toEqual(['3']);
    expect(await idsOf({ sourceId: 'source-1' })).toEqual(['1']);
    expect(await idsOf({ targetId: 'target-1', jobId, servicePrincipalId: 'sp' })).toEqual(['1']);
    expect(await idsOf({ sourceNameContains: 'PERSON 2' })).toEqual(['2']);
    expect(await idsOf({ sourceNameContains: '%_' })).toEqual(['3', '2', '1']);
    expect(await idsOf({ sourceNameContains: '_%' })).toEqual([]);
    expect(await idsOf({ after: new Date(2000), before: new Date(2500) })).toEqual(['2']);
  });

  it('refuses a cursor that it did not give out', async () => {
    await expect(world.store.logs.provisioning({ limit: 1, cursor: 'bm9uc2Vuc2U' })).rejects.toThrow(
      /page token was not given out by this log/,
    );
  });

  it('keeps audit entries', async () => {
    await world.store.logs.audit({
      id: 'a',
      at: new Date(1),
      actor: 'me',
      activity: 'start',
      jobId,
      servicePrincipalId: null,
      before: null,
      after: { x: 1 },
    });
    expect(await world.rows('SELECT id, actor, before, after FROM audit_log')).toEqual([
      { id: 'a', actor: 'me', before: null, after: { x: 1 } },
    ]);
  });
});

describe('a database in another time zone', () => {
  it('keeps the same moments', async () => {
    await world.rows(`ALTER DATABASE ${new URL(world.url).pathname.slice(1)} SET timezone = 'Asia/Kolkata'`);
    const store = await openStore({ databaseUrl: world.url, secretKey });
    const at = new Date('2026-03-29T01:30:00.123Z');
    await store.jobs.update(jobId, { steadyStateFirst: at });
    await world.save({ objects: [user('u')] });
    const page = await world.page(await world.begin('initial'), 'users');
    const record = {
      page,
      jobId,
      outcomes: [created('u')],
      references: [],
      left: [],
      counts: {},
      log: [entry('1', at.getTime())],
    };
    await store.provisioning.recordPage({ ...record, at, nextRetry: () => ({ state: 'waiting', nextRetry: null }) });
    const [row] = await world.rows<{ moment: Date; linked: Date; logged: Date }>(
      `SELECT steady_state_first AS moment, link.created_at AS linked, provisioning_log.at AS logged FROM job, link, provisioning_log`,
    );
    expect(row).toEqual({ moment: at, linked: at, logged: at });
    expect((await store.jobs.get(jobId))?.steadyStateFirst).toEqual(at);
    expect((await store.provisioning.candidates(world.job, ['u']))[0]?.link?.createdAt).toEqual(at);
    expect((await store.logs.provisioning({ limit: 1, after: at, before: at })).entries).toHaveLength(1);
    await store.close();
  });
});

describe('a database that goes away and comes back', () => {
  const cut = () =>
    world.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'provisor'`,
    );

  it('costs the statements that were running, and the next ones open new connections', async () => {
    await Promise.all(Array.from({ length: 10 }, () => world.store.jobs.get(jobId)));
    await cut();
    await expect.poll(() => world.store.jobs.get(jobId).catch(() => null)).toEqual(world.job);
    await Promise.all(Array.from({ length: 10 }, () => world.store.ping()));
  });

  it('rolls a page back that was being recorded, and the page can be recorded again', async () => {
    await world.save({ objects: [user('u')] });
    const page = await world.page(await world.begin('initial'), 'users');
    const locker = new pg.Client({ connectionString: world.url });
    await locker.connect();
    await locker.query('BEGIN; LOCK TABLE link');
    const recording = world.record(page, [created('u')], { counts: { created: 1 } }).catch((error: unknown) => error);
    await expect
      .poll(() =>
        world.rows(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`),
      )
      .toHaveLength(1);
    await cut();
    expect(await recording).toBeInstanceOf(Error);
    await locker.end();
    expect(await world.store.cycles.get(page.cycleId)).toMatchObject({ counts: { created: 0 }, progress: { done: 0 } });
    await world.record(page, [created('u')], { counts: { created: 1 } });
    expect(await world.store.cycles.get(page.cycleId)).toMatchObject({ counts: { created: 1 }, progress: { done: 1 } });
  });
});
