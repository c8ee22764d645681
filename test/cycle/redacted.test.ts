// Values that nobody may see, through the whole life of accounts: the database is searched for them after each step, and
// so is the log.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findTemplate } from '../../config/applications/index.ts';
import type { Deps } from '../../src/cycle/ports.ts';
import type { MirrorObject } from '../../src/rules/model/mirror.ts';
import { fingerprinter } from '../../src/store/secrets/fingerprint.ts';
import { jobId } from '../store/world.ts';
import { openCycleWorld, person } from './world.ts';
import type { CycleWorld } from './world.ts';

let life: CycleWorld;
let logged: string[];
let deps: Deps;
beforeAll(async () => {
  life = await openCycleWorld();
});
beforeEach(async () => {
  await life.reset();
  await mapSecrets();
  logged = [];
  const note = (fields: object, message: string): void => void logged.push(JSON.stringify([fields, message]));
  deps = { ...life.deps, logger: { info: note, warn: note } };
});
afterAll(() => life.close());

/** What a mapping makes of the employee id; the mirror holds the id itself. */
const secretOf = (employeeId: string): string => Buffer.from(employeeId, 'utf16le').toString('base64');

const secretMappings = [
  { targetAttributeName: 'nickName', flowType: 'Always', expression: 'Redact(ConvertToBase64([employeeId]))' },
  { targetAttributeName: 'password', flowType: 'Always', expression: 'Append("pw-", ConvertToBase64([employeeId]))' },
  {
    targetAttributeName: 'userType',
    flowType: 'ObjectAddOnly',
    expression:
      'SelectUniqueValue(Redact(Append("a-", ConvertToBase64([employeeId]))), Append("b-", ConvertToBase64([employeeId])))',
  },
];

async function mapSecrets(): Promise<void> {
  const schema = structuredClone(findTemplate('scim')?.schema) as unknown as {
    synchronizationRules: { objectMappings: { sourceObjectName: string; attributeMappings: object[] }[] }[];
  };
  for (const { objectMappings } of schema.synchronizationRules)
    for (const { sourceObjectName, attributeMappings } of objectMappings)
      if (sourceObjectName === 'User')
        attributeMappings.push(
          ...secretMappings.map(({ expression, ...mapping }) => ({
            ...mapping,
            flowBehavior: 'FlowWhenChanged',
            matchingPriority: 0,
            defaultValue: null,
            exportMissingReferences: false,
            source: fromExpression(expression),
          })),
        );
  await life.world.rows('UPDATE job_schema SET document = $1 WHERE job_id = $2', [JSON.stringify(schema), jobId]);
}
const fromExpression = (expression: string) => ({ type: 'Function', expression, name: null, parameters: [] });

const inDirectory = (objects: readonly MirrorObject[]) => life.world.save({ objects });
const employee = (id: string, employeeId: string, more: object = {}) => person(id, { employeeId, ...more });

/** Every table of the database as text, and the log, in lower case: some values are kept so. */
async function everythingKept(): Promise<string> {
  const tables = await life.world.rows<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const rows: string[] = [...logged];
  for (const { name } of tables)
    for (const { row } of await life.world.rows<{ row: string }>(`SELECT t::text AS row FROM ${name} t`))
      rows.push(`${name} ${row}`);
  return rows.join('\n').toLowerCase();
}

async function expectNowhere(...employeeIds: readonly string[]): Promise<void> {
  const kept = await everythingKept();
  for (const employeeId of employeeIds) {
    const secret = secretOf(employeeId).toLowerCase();
    const [leak] = kept.split('\n').filter((row) => row.includes(secret));
    expect(leak, `${employeeId} stands in clear`).toBeUndefined();
  }
}
const nickNameOf = (id: string) =>
  [...life.target.users.values()].find((one) => String(one['userName']).toLowerCase() === `${id}@contoso.com`)?.[
    'nickName'
  ];
const writes = () => life.target.sent.splice(0).filter(({ method }) => method !== 'GET');

describe('invariant 11: what nobody may see', () => {
  it('reaches the application and stands nowhere else: created, listed and taken over, changed, disabled, held', async () => {
    const others = Array.from({ length: 60 }, (_, n) => employee(`u${String(n)}`, `emp-${String(n)}`));
    await inDirectory([employee('anna', 'emp-anna'), employee('bert', 'emp-bert'), ...others]);
    for (const { id } of others)
      life.target.addUser(`A-${id}`, `${id}@contoso.com`, { nickName: secretOf(`emp-${id.slice(1)}`) });
    life.target.addUser('A-bert', 'bert@contoso.com', { nickName: secretOf('emp-old'), password: secretOf('emp-old') });

    const initial = await life.upTo('users', 'initial', deps);
    expect(await life.world.rows('SELECT 1 FROM listed_resource')).not.toEqual([]);
    expect(await life.world.rows('SELECT 1 FROM listed_value')).not.toEqual([]);
    await expectNowhere('emp-anna', 'emp-bert', 'emp-old', 'emp-7');
    for (const phase of ['groups', 'escrow', 'references'] as const) await life.work(initial, phase, deps);
    expect((await life.finish(initial)).counts).toMatchObject({ created: 1, failed: 0 });
    expect(nickNameOf('anna')).toBe(secretOf('emp-anna'));
    expect(nickNameOf('bert')).toBe(secretOf('emp-bert'));

    writes();
    await life.run('initial', deps);
    expect(writes()).toEqual([]);

    await inDirectory([employee('anna', 'emp-anna-2'), employee('bert', 'emp-bert', { accountEnabled: false })]);
    expect((await life.run('incremental', deps)).counts).toMatchObject({ updated: 1, disabled: 1, failed: 0 });
    expect(nickNameOf('anna')).toBe(secretOf('emp-anna-2'));
    await expectNowhere('emp-anna', 'emp-anna-2', 'emp-bert', 'emp-old', 'emp-7');

    await life.world.store.jobs.update(jobId, {
      settings: { QuarantineTooManyDeletes: 'True', QuarantineTooManyDeletesThreshold: '0' },
    });
    await inDirectory([employee('u7', 'emp-7', { accountEnabled: false })]);
    expect((await life.run('incremental', deps)).counts).toMatchObject({ held: 1 });
    await expectNowhere('emp-7');
  });

  it('stands nowhere after answers that repeat it, and after a what-if', async () => {
    await inDirectory([employee('anna', 'emp-anna'), employee('bert', 'emp-bert')]);
    life.target.moods.meddle = ({ method }) => Promise.resolve(method === 'POST' ? 400 : null);
    expect((await life.run('incremental', deps)).counts).toMatchObject({ created: 0, failed: 2 });
    expect(await life.world.rows('SELECT 1 FROM escrow')).toHaveLength(2);
    await expectNowhere('emp-anna', 'emp-bert');

    life.target.moods.meddle = null;
    await inDirectory([employee('anna', 'emp-anna-2'), employee('bert', 'emp-bert-2')]);
    const whatIf = await life.world.begin('incremental', { dryRun: true });
    await life.work(whatIf, 'users', deps);
    await expectNowhere('emp-anna-2');
    await life.world.finish(whatIf);

    await life.run('incremental', deps);
    await inDirectory([employee('anna', 'emp-anna-3'), employee('bert', 'emp-bert-3')]);
    for (const status of [409, 500]) {
      life.target.moods.meddle = ({ method }) => Promise.resolve(method === 'PATCH' ? status : null);
      expect((await life.run('initial', deps)).counts.failed).toBe(2);
      await expectNowhere('emp-anna-2', 'emp-anna-3', 'emp-bert-3');
    }
    life.target.moods.meddle = null;
    expect((await life.run('initial', deps)).counts.failed).toBe(0);
    expect([nickNameOf('anna'), nickNameOf('bert')]).toEqual([secretOf('emp-anna-3'), secretOf('emp-bert-3')]);
  });

  it('is compared as before where an earlier version kept it in clear, and sealed with the next write', async () => {
    await inDirectory([employee('anna', 'emp-anna')]);
    await life.run('initial', deps);
    await life.world.rows(`UPDATE link SET known = known || jsonb_build_object('nickName', $1::text)`, [
      secretOf('emp-anna'),
    ]);
    writes();
    await life.run('initial', deps);
    expect(writes()).toEqual([]);
    await inDirectory([employee('anna', 'emp-anna', { jobTitle: 'CEO' })]);
    await life.run('incremental', deps);
    expect(writes().map(({ operations }) => operations.map(({ path }) => path))).toEqual([['title']]);
    await expectNowhere('emp-anna');
  });

  it('is written once more after the key was exchanged, and not again', async () => {
    await inDirectory([employee('anna', 'emp-anna')]);
    await life.run('initial', deps);
    const exchanged = { ...deps, fingerprint: fingerprinter(Buffer.alloc(32, 9)) };
    writes();
    await life.run('initial', exchanged);
    expect(writes().map(({ operations }) => operations.map(({ path }) => path))).toEqual([['nickName', 'password']]);
    await life.run('initial', exchanged);
    expect(writes()).toEqual([]);
  });
});
