// The life of a scope that looks at groups: nested groups, and filters by membership, role, manager and date.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CycleAnswer } from '../support/engine.ts';
import { startLife, writesOf } from '../support/life.ts';
import type { Life } from '../support/life.ts';
import { targetWorld } from '../support/target-world.ts';

const setting = (life: Life, value: string | null) =>
  life.ok('PATCH', life.jobUrl, { synchronizationJobSettings: [{ name: 'NestedGroups', value }] });

/** Who has an active account, without the domain. */
const active = ({ simulator }: Life): readonly string[] =>
  Object.values(targetWorld(simulator).accounts)
    .filter((account) => account.active)
    .map(({ userName }) => userName.split('@')[0] ?? '')
    .sort();
const members = ({ simulator }: Life, name: string): readonly string[] =>
  (targetWorld(simulator).teams[name]?.members ?? []).map((userName) => userName.split('@')[0] ?? '');

async function succeeds(cycle: Promise<CycleAnswer>): Promise<CycleAnswer> {
  const ended = await cycle;
  expect(ended.error ?? null).toBeNull();
  expect(ended.state).toBe('succeeded');
  return ended;
}
async function scopingOf(life: Life, sourceId: string) {
  const filter = encodeURIComponent(`jobId eq '${life.jobId}' and sourceIdentity/id eq '${sourceId}'`);
  const { value } = await life.ok<{
    value: {
      provisioningSteps: { provisioningStepType: string; description: string; details: Record<string, string> }[];
    }[];
  }>('GET', `/v1.0/auditLogs/provisioning?$filter=${filter}&$top=1`);
  return value[0]?.provisioningSteps.find((step) => step.provisioningStepType === 'scoping');
}

describe('the life of a job that follows nested groups', () => {
  let life: Life;
  beforeAll(async () => {
    life = await startLife({ users: 3, groups: 1, syncAll: false });
  });
  afterAll(() => life.close());

  it('takes in and lets go whoever a nested group brings, without a restart, and leaves who has another path', async () => {
    const [top, low, both] = [await life.user('top'), await life.user('low'), await life.user('both')];
    const inner = await life.group('Inner', [low, both]);
    const side = await life.group('Side', [both]);
    const outer = await life.group('Outer', [top, inner, side]);
    await life.assign(outer);
    await succeeds(life.cycle('initial'));
    expect(active(life)).toEqual(['top']);

    await setting(life, 'True');
    expect((await succeeds(life.cycle())).type).toBe('initial');
    expect(active(life)).toEqual(['both', 'low', 'top']);
    expect(members(life, 'Outer')).toEqual(['both', 'low', 'top']);
    const step = await scopingOf(life, low);
    expect(step?.description).toContain("by group 'Outer'");
    expect(step?.details['AssignedBy']).toBe(`group 'Outer' (${outer}) through its nested group 'Inner' (${inner})`);

    // A cycle in the graph, and nobody new.
    await life.join(inner, outer);
    await succeeds(life.cycle());
    life.simulator.resetRequests();
    await succeeds(life.cycle());
    expect(writesOf(life.simulator)).toEqual([]);

    const late = await life.user('late');
    await life.join(inner, late);
    await succeeds(life.cycle());
    expect(active(life)).toEqual(['both', 'late', 'low', 'top']);
    expect(members(life, 'Outer')).toEqual(['both', 'late', 'low', 'top']);

    await life.leave(outer, inner);
    await succeeds(life.cycle());
    expect(active(life)).toEqual(['both', 'top']);
    expect(members(life, 'Outer')).toEqual(['both', 'top']);

    await life.join(side, inner);
    await succeeds(life.cycle());
    expect(active(life)).toEqual(['both', 'late', 'low', 'top']);

    await life.ok('DELETE', `/v1.0/groups/${side}`);
    await succeeds(life.cycle());
    expect(active(life)).toEqual(['top']);
    expect(members(life, 'Outer')).toEqual(['top']);
  });

  it('takes back what nested groups brought when they are no longer followed', async () => {
    const [chief, deep] = [await life.user('chief'), await life.user('deep')];
    await life.assign(await life.group('Board', [chief, await life.group('Committee', [deep])]));
    await succeeds(life.cycle());
    expect(members(life, 'Board')).toEqual(['chief', 'deep']);
    await setting(life, null);
    await succeeds(life.cycle());
    expect(active(life)).not.toContain('deep');
    expect(members(life, 'Board')).toEqual(['chief']);
  });
});

describe('the life of a job whose filters look beyond the object', () => {
  let life: Life;
  beforeAll(async () => {
    life = await startLife({ users: 0, groups: 0, syncAll: true });
  });
  afterAll(() => life.close());

  type Clause = readonly [attribute: string, operator: string, ...values: readonly string[]];
  async function filterBy(...clauses: readonly Clause[]): Promise<void> {
    const schema = await life.ok<{
      synchronizationRules: { objectMappings: { sourceObjectName: string; scope: unknown }[] }[];
    }>('GET', `${life.jobUrl}/schema`);
    for (const mapping of schema.synchronizationRules.flatMap((rule) => rule.objectMappings))
      if (mapping.sourceObjectName === 'User')
        mapping.scope = {
          groups: [
            {
              name: 'Ours',
              clauses: clauses.map(([sourceOperandName, operatorName, ...values]) => ({
                sourceOperandName,
                operatorName,
                targetOperand: { values },
              })),
            },
          ],
        };
    await life.ok('PUT', `${life.jobUrl}/schema`, schema);
  }
  const inScope = async () => {
    await succeeds(life.cycle());
    return active(life);
  };

  it('follows memberships, direct and through other groups', async () => {
    const [anna, bert] = [await life.user('anna'), await life.user('bert')];
    const inner = await life.group('Sales EMEA', [bert]);
    const sales = await life.group('Sales', [inner]);
    const banned = await life.group('Banned');
    await filterBy(['transitiveMemberOf', 'EQUALS', sales], ['memberOf', 'NOT EQUALS', banned]);
    expect(await inScope()).toEqual(['bert']);
    expect((await scopingOf(life, bert))?.details['ScopeEvaluationResult']).toBe(
      JSON.stringify({
        [`Ours transitiveMemberOf EQUALS Sales (${sales})`]: 'True',
        [`Ours memberOf NOT EQUALS Banned (${banned})`]: 'True',
      }),
    );
    await life.join(inner, anna);
    expect(await inScope()).toEqual(['anna', 'bert']);
    await life.join(banned, bert);
    expect(await inScope()).toEqual(['anna']);
    await life.leave(banned, bert);
    await life.leave(sales, inner);
    expect(await inScope()).toEqual([]);
  });

  it('follows managers', async () => {
    const [boss, carl] = [await life.user('boss'), await life.user('carl')];
    await filterBy(['manager', 'EQUALS', boss]);
    expect(await inScope()).toEqual([]);
    await life.setManager(carl, boss);
    expect(await inScope()).toEqual(['carl']);
    await life.ok('DELETE', `/v1.0/users/${carl}/manager/$ref`);
    expect(await inScope()).toEqual([]);
  });

  it('lets a date take effect when its moment has passed, although nothing changed', async () => {
    const soon = new Date(Date.now() + 20_000);
    const dora = await life.user('dora', { employeeHireDate: soon.toISOString() });
    await filterBy(['employeeHireDate', 'BEFORE', 'Now()']);
    expect(await inScope()).toEqual([]);
    const quiet = await succeeds(life.cycle());
    expect(quiet.counts.imported).toBe(0);
    await expect
      .poll(async () => (Date.now() > soon.getTime() ? inScope() : []), { timeout: 60_000 })
      .toEqual(['dora']);
    expect((await scopingOf(life, dora))?.details['ScopeEvaluationResult']).toContain('BEFORE Now()');
    // Windows are whole seconds: cycles within the next one may still touch the moment, later ones do not.
    await expect.poll(async () => (await succeeds(life.cycle())).counts.imported, { timeout: 30_000 }).toBe(0);
  });
});
