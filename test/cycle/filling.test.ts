// Mappings that only fill, added after accounts were linked: what stands in the application stays, and it is asked for once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findTemplate } from '../../config/applications/index.ts';
import { jobId } from '../store/world.ts';
import { openCycleWorld, person } from './world.ts';
import type { CycleWorld } from './world.ts';

let life: CycleWorld;
beforeAll(async () => {
  life = await openCycleWorld();
});
beforeEach(async () => {
  await life.reset();
  await life.world.save({ objects: ['anna', 'bert', 'carl'].map((id) => person(id, { city: 'Oslo' })) });
  await life.run('initial');
  // The first PATCH of a job is read back once, to see that its form takes effect.
  await life.world.save({ objects: [person('carl', { city: 'Oslo', jobTitle: 'CEO' })] });
  await life.run();
  hold('anna', 'nickName', 'Annie');
  life.target.sent.length = 0;
});
afterAll(() => life.close());

interface Account {
  readonly id: string;
  readonly [attribute: string]: unknown;
}
function accountOf(id: string): Account {
  const found = [...life.target.users.values()].find((one) => one['userName'] === `${id}@contoso.com`);
  if (found === undefined) throw new Error(`${id} has no account`);
  return found;
}
/** Somebody writes it there by hand. */
function hold(id: string, attribute: string, value: string): void {
  const account = accountOf(id);
  life.target.users.set(account.id, { ...account, [attribute]: value });
}
const nickNames = () => ['anna', 'bert', 'carl'].map((id) => accountOf(id)['nickName']);
const requests = () => {
  const sent = life.target.sent.splice(0);
  return {
    reads: sent.filter(({ method, path }) => method === 'GET' && /^\/Users\/./.test(path)).length,
    writes: sent.filter(({ method }) => method !== 'GET').length,
  };
};

async function map(mapping: object): Promise<void> {
  const schema = structuredClone(findTemplate('scim')?.schema) as unknown as {
    synchronizationRules: { objectMappings: { sourceObjectName: string; attributeMappings: object[] }[] }[];
  };
  const users = schema.synchronizationRules.flatMap(({ objectMappings }) => objectMappings);
  users
    .find(({ sourceObjectName }) => sourceObjectName === 'User')
    ?.attributeMappings.push({
      targetAttributeName: 'nickName',
      flowType: 'Always',
      flowBehavior: 'FlowWhenChanged',
      matchingPriority: 0,
      defaultValue: null,
      exportMissingReferences: false,
      ...mapping,
    });
  await life.world.rows('UPDATE job_schema SET document = $1 WHERE job_id = $2', [JSON.stringify(schema), jobId]);
}
const redactedCity = { type: 'Function', expression: 'Redact([city])', name: null, parameters: [] };
const city = { type: 'Attribute', expression: '[city]', name: 'city', parameters: [] };

describe('a mapping that only fills', () => {
  it.each<[string, object]>([
    ['AttributeAddOnly', { flowType: 'AttributeAddOnly', source: city }],
    ['ValueAddOnly', { flowType: 'ValueAddOnly', source: city }],
    ['of type None', { source: null, defaultValue: 'Oslo' }],
    ['AttributeAddOnly and redacted', { flowType: 'AttributeAddOnly', source: redactedCity }],
  ])(
    '(%s) leaves standing what it finds, reads each account once, and then nothing more is sent',
    async (_, mapping) => {
      await map(mapping);
      expect((await life.run('initial')).counts).toMatchObject({ updated: 2, failed: 0 });
      expect(nickNames()).toEqual(['Annie', 'Oslo', 'Oslo']);
      expect(requests()).toEqual({ reads: 3, writes: 2 });
      await life.run('initial');
      expect(requests()).toEqual({ reads: 0, writes: 0 });
    },
  );

  it('reads nobody while it has nothing to fill with', async () => {
    await map({ flowType: 'AttributeAddOnly', source: { ...city, expression: '[employeeId]', name: 'employeeId' } });
    await life.run('initial');
    expect(requests()).toEqual({ reads: 0, writes: 0 });
  });

  it('writes nothing to an account that could not be read, and does it when it can', async () => {
    await map({ flowType: 'AttributeAddOnly', source: city });
    life.target.moods.meddle = ({ method, path }) =>
      Promise.resolve(method === 'GET' && path === `/Users/${accountOf('anna').id}` ? 403 : null);
    expect((await life.run('initial')).counts).toMatchObject({ updated: 2, failed: 1 });
    expect(nickNames()).toEqual(['Annie', 'Oslo', 'Oslo']);
    life.target.moods.meddle = null;
    expect((await life.run('initial')).counts).toMatchObject({ updated: 0, failed: 0 });
    expect(nickNames()).toEqual(['Annie', 'Oslo', 'Oslo']);
  });

  it('reads nobody for a mapping that always flows', async () => {
    await map({ source: city });
    await life.run('initial');
    expect(requests()).toEqual({ reads: 0, writes: 3 });
    expect(nickNames()).toEqual(['Oslo', 'Oslo', 'Oslo']);
  });
});
