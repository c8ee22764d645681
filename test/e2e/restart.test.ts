// A restart loses no deprovisioning that was due, whatever it forgets.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountOf, startLife, writesOf } from '../support/life.ts';
import type { Life } from '../support/life.ts';

let life: Life;
const leave = new Map<string, () => Promise<unknown>>();
const ids = new Map<string, string>();

beforeAll(async () => {
  life = await startLife({ users: 2, groups: 1, syncAll: false });
  for (const name of ['ada', 'bob', 'cyd', 'dan', 'eve']) {
    const id = await life.user(name);
    ids.set(name, id);
    leave.set(name, await life.assign(id));
  }
  expect((await life.cycle('initial')).counts.created).toBe(5);
});
afterAll(() => life.close());

const unassign = (name: string) => leave.get(name)?.();
async function purge(name: string): Promise<void> {
  const id = ids.get(name) ?? '';
  await life.ok('DELETE', `/v1.0/users/${id}`);
  await life.ok('DELETE', `/v1.0/directory/deletedItems/${id}`);
}
async function restart(resetScope: string): Promise<readonly string[]> {
  life.simulator.resetRequests();
  expect(await life.act('restart', { criteria: { resetScope } })).toMatchObject({ state: 'succeeded' });
  await life.act('pause');
  return writesOf(life.simulator);
}

it('disables who left and was not disabled yet when the links are forgotten', async () => {
  await unassign('bob');
  expect(await restart('ConnectorDataStore')).toEqual(['PATCH /Users']);
  expect(accountOf(life, 'bob')).toMatchObject({ active: false });
  expect(accountOf(life, 'ada')).toMatchObject({ active: true });
});

it('deletes who was disabled before the links were forgotten, once he is gone for good', async () => {
  await unassign('cyd');
  await life.cycle();
  expect(await restart('Full')).toEqual([]);
  await purge('cyd');
  expect((await life.cycle()).counts).toMatchObject({ deleted: 1 });
  expect(accountOf(life, 'cyd')).toBeUndefined();
});

it('disables who the application refused to disable when the escrows are forgotten', async () => {
  await unassign('dan');
  life.simulator.setFaults({ failNext: 99, failMethods: ['PATCH'], status: 422 });
  expect((await life.cycle()).state).toBe('entryLevelErrors');
  expect((await life.cycle()).counts).toMatchObject({ disabled: 0 });
  life.simulator.setFaults({ failNext: 0 });
  expect(await restart('Escrows')).toEqual(['PATCH /Users']);
  expect(accountOf(life, 'dan')).toMatchObject({ active: false });
});

it('goes on holding what the deletion guard held, also when the links are forgotten, until it is approved', async () => {
  const guard = (value: string) =>
    life.ok('PATCH', life.jobUrl, {
      synchronizationJobSettings: [
        { name: 'QuarantineTooManyDeletes', value: 'True' },
        { name: 'QuarantineTooManyDeletesThreshold', value },
      ],
    });
  await guard('0');
  await unassign('eve');
  expect((await life.cycle()).counts).toMatchObject({ held: 1, disabled: 0 });
  await guard('5');
  expect(await restart('Full')).toEqual([]);
  expect(accountOf(life, 'eve')).toMatchObject({ active: true });
  expect(await restart('ForceDeletes')).toEqual(['PATCH /Users']);
  expect(accountOf(life, 'eve')).toMatchObject({ active: false });
});
