// A store on a database of its own, with a small tenant, an application and a job; and short words to fill them.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Action, Outcome, ReferenceOutcome } from '../../src/rules/model/decisions.ts';
import { noIds } from '../../src/rules/model/id-tally.ts';
import { noDialect } from '../../src/rules/model/target.ts';
import type { Cycle, CyclePhase, CycleType, Job, Page } from '../../src/rules/model/job.ts';
import type { JsonObject } from '../../src/rules/model/json.ts';
import type { DeltaState, MirrorMembership, MirrorObject, MirrorPage } from '../../src/rules/model/mirror.ts';
import type { SynchronizationSchema } from '../../src/rules/model/schema.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { testDatabase } from '../support/postgres.ts';

export const tenantId = 'tenant';
export const servicePrincipalId = 'sp';
export const jobId = 'job';
export const schema: SynchronizationSchema = { id: 's', version: '1', synchronizationRules: [], directories: [] };
export const secretKey = Buffer.alloc(32, 7);

export interface World {
  readonly url: string;
  readonly store: Store;
  readonly job: Job;
  /** Rows of any query, to look at the state of the world. */
  rows<T extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly T[]>;
  save(page: Partial<MirrorPage>, round?: Partial<DeltaState>): Promise<void>;
  version(): Promise<number>;
  /** Opens a cycle that has read the mirror up to now. */
  begin(type: CycleType, options?: { readonly from?: number; readonly dryRun?: boolean }): Promise<Cycle>;
  /** Cuts a phase and answers the ids of all its pages. */
  work(cycle: Cycle, phase: CyclePhase): Promise<readonly string[]>;
  /** The only page of a phase. */
  page(cycle: Cycle, phase: CyclePhase): Promise<Page>;
  /** A whole cycle that links these objects, outside of what the test looks at. */
  link(...objects: readonly MirrorObject[]): Promise<void>;
  record(
    page: Page,
    outcomes: readonly Outcome[],
    more?: Partial<Parameters<Store['provisioning']['recordPage']>[0]>,
  ): Promise<'recorded' | 'lost'>;
  finish(cycle: Cycle, watermark?: number): Promise<void>;
  /** Everything as it was when the world was opened. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export const user = (id: string, attributes: JsonObject = {}, managerId: string | null = null): MirrorObject => ({
  id,
  type: 'User',
  attributes: { displayName: id, ...attributes },
  managerId,
});
export const group = (id: string, attributes: JsonObject = {}): MirrorObject => ({
  id,
  type: 'Group',
  attributes: { displayName: id, ...attributes },
  managerId: undefined,
});
export const member = (groupId: string, memberId: string, present = true): MirrorMembership => ({
  groupId,
  memberId,
  memberType: 'User',
  present,
});

export const action = (sourceId: string, type: 'User' | 'Group' = 'User') => ({
  sourceId,
  type,
  displayName: sourceId,
});
export const create = (sourceId: string, type: 'User' | 'Group' = 'User'): Action => ({
  ...action(sourceId, type),
  kind: 'create',
  because: 'no-match',
  desired: {},
  changes: [],
});
export const created = (sourceId: string, type: 'User' | 'Group' = 'User', targetId = `t-${sourceId}`): Outcome => ({
  kind: 'applied',
  action: create(sourceId, type),
  targetId,
  known: { userName: sourceId },
});

/** What became of the references of an owner: nothing, unless it says more. */
export const referencesOf = (ownerId: string, more: Partial<ReferenceOutcome> = {}): ReferenceOutcome => ({
  ownerId,
  attribute: 'members',
  added: noIds,
  removed: noIds,
  pending: noIds,
  refused: noIds,
  refusal: null,
  error: null,
  held: null,
  kept: false,
  unfinished: false,
  ...more,
});

const startState: DeltaState = {
  resource: 'users',
  link: null,
  complete: true,
  round: 'full',
  generation: 1,
  selection: 'id',
};

export async function openWorld(): Promise<World> {
  const database = await testDatabase();
  const store = await openStore({ databaseUrl: database.url, secretKey });
  const looking = new pg.Pool({ connectionString: database.url, max: 2 });
  looking.on('connect', (client) => client.on('error', () => undefined));
  const makeJob = () =>
    store.jobs.create({
      id: jobId,
      tenantId,
      servicePrincipalId,
      templateId: 'scim',
      intervalSeconds: 2400,
      settings: {},
      dialect: noDialect,
      schema,
    });
  let job = await makeJob();
  const rows = async <T extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
    (await looking.query<T>(sql, [...values])).rows;
  const save = (page: Partial<MirrorPage>, round: Partial<DeltaState> = {}) =>
    store.mirror.savePage(tenantId, {
      objects: [],
      tombstones: [],
      memberships: [],
      state: { ...startState, ...round },
      ...page,
    });
  const version = () => store.mirror.completeRefresh(tenantId, new Date());
  const begin: World['begin'] = async (type, options = {}) => {
    const from = options.from ?? (type === 'initial' ? 0 : ((await store.jobs.get(jobId))?.watermark ?? 0));
    const id = randomUUID();
    const { dryRun = false } = options;
    await store.cycles.open({
      id,
      jobId,
      type,
      dryRun,
      trigger: 'operator',
      queuedAt: new Date(),
      schemaVersion: 1,
      from,
    });
    const entered = await store.cycles.enterPhase(id, 'refresh', 'leavers', { to: await version() });
    if (entered === null) throw new Error('the cycle did not begin');
    return entered;
  };
  const pages = async (cycle: Cycle, phase: CyclePhase): Promise<readonly Page[]> => {
    const found = await Promise.all((await store.cycles.cutPages(cycle.id, phase)).map((id) => store.cycles.page(id)));
    return found.filter((page) => page !== null);
  };
  const page = async (cycle: Cycle, phase: CyclePhase) => {
    const [only, another] = await pages(cycle, phase);
    if (only === undefined || another !== undefined) throw new Error(`phase ${phase} has not exactly one page`);
    return only;
  };
  const record: World['record'] = (of, outcomes, more = {}) =>
    store.provisioning.recordPage({
      page: of,
      jobId,
      outcomes,
      references: [],
      left: [],
      counts: {},
      log: [],
      at: new Date(),
      nextRetry: () => ({ state: 'waiting', nextRetry: null }),
      ...more,
    });
  const finish = async (cycle: Cycle, watermark?: number): Promise<void> => {
    await store.cycles.end(cycle.id, {
      state: 'succeeded',
      at: new Date(),
      error: null,
      ...(watermark === undefined ? {} : { watermark }),
    });
  };
  const link: World['link'] = async (...objects) => {
    const cycle = await begin('initial');
    for (const phase of ['users', 'groups'] as const) {
      for (const cut of await pages(cycle, phase)) {
        const wanted = objects.filter(({ id }) => cut.objectIds.includes(id));
        await record(
          cut,
          wanted.map(({ id, type }) => created(id, type)),
        );
      }
    }
    for (const cut of await pages(cycle, 'references')) await record(cut, []);
    await finish(cycle, cycle.to ?? 0);
  };
  return {
    url: database.url,
    store,
    get job() {
      return job;
    },
    rows,
    save,
    version,
    begin,
    page,
    record,
    link,
    finish,
    work: async (cycle, phase) => (await pages(cycle, phase)).flatMap(({ objectIds }) => objectIds),
    reset: async () => {
      const tables = await rows<{ name: string }>(
        `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
      );
      await rows(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
      job = await makeJob();
    },
    close: async () => {
      await looking.end();
      await store.close();
      await database.drop();
    },
  };
}
