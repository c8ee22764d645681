// Gtmhub's tutorial: accounts arrive by single sign-on and are never created; teams by the group mapping, or not.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWalk, upn } from '../../support/application-walk.ts';
import type { Walk } from '../../support/application-walk.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let walk: Walk;
let [ann, bob, eve, sales] = ['', '', '', ''];
beforeAll(async () => {
  walk = await startWalk({ id: 'gtmhub', inGallery: 'Gtmhub' });
  [ann, bob, eve] = [await walk.person('ann'), await walk.person('bob'), await walk.person('eve')];
  await walk.ok('PUT', `/v1.0/users/${bob}/manager/$ref`, {
    '@odata.id': `https://graph.microsoft.com/v1.0/users/${ann}`,
  });
  sales = await walk.team('Sales', [ann, bob, eve]);
  await walk.give(sales);
  for (const name of ['ann', 'bob']) walk.service.signOn(upn(name));
});
afterAll(() => walk.close());

const idOf = (name: string) => walk.account(name)?.['id'];

it('Gtmhub is in step after its initial cycle: who signed on is updated, who did not is skipped and is no error', async () => {
  const initial = await walk.connectAndStart();
  expect([initial.state, initial.counts.failed]).toEqual(['succeeded', 0]);
  expect(walk.account('ann')).toMatchObject({ externalId: 'ann' });
  expect(walk.account('bob')).toMatchObject({ [ENTERPRISE]: { manager: { value: idOf('ann') } } });
  expect(walk.account('eve')).toBeUndefined();
  expect(await walk.log(eve)).toEqual([
    { action: 'other', status: 'skipped', errorCode: expect.any(String) as string },
  ]);
  expect((await walk.log(eve))[0]?.errorCode).toMatch(/^Create/);
  expect(walk.membersOf('Sales')).toEqual(['ann', 'bob']);
  expect(walk.service.requests().log.filter(({ method, path }) => method === 'POST' && path === '/Users')).toEqual([]);
  expect(await walk.writes()).toEqual([]);
});

it('Gtmhub gets who signs on later, with the team, when everything is looked at again', async () => {
  walk.service.signOn(upn('eve'));
  await walk.writes('initial');
  expect(walk.account('eve')).toMatchObject({ externalId: 'eve' });
  expect(walk.membersOf('Sales')).toEqual(['ann', 'bob', 'eve']);
});

it('Gtmhub removes the account of who leaves, and the manager that is none any more', async () => {
  await walk.ok('DELETE', `/v1.0/users/${bob}/manager/$ref`);
  await walk.ok('DELETE', `/v1.0/groups/${sales}/members/${eve}/$ref`);
  const sent = await walk.writes();
  expect(sent).toContain('DELETE Users');
  expect(sent).not.toContain('POST Users');
  expect(walk.account('eve')).toBeUndefined();
  expect(walk.account('bob')?.[ENTERPRISE]).toBeUndefined();
  expect(walk.membersOf('Sales')).toEqual(['ann', 'bob']);
});

it('Gtmhub keeps its own teams once the group mapping is switched off', async () => {
  const schema = await walk.ok<Schema>('GET', walk.schemaUrl());
  const [rule] = schema.synchronizationRules;
  for (const mapping of rule?.objectMappings ?? []) if (mapping.sourceObjectName === 'Group') mapping.enabled = false;
  await walk.ok('PUT', walk.schemaUrl(), schema);
  await walk.ok('PATCH', `/v1.0/groups/${sales}`, { displayName: 'Field sales' });
  expect((await walk.writes()).filter((write) => write.includes('Groups'))).toEqual([]);
  expect(walk.groupNamed('Sales')).toBeDefined();
});

interface Schema {
  readonly synchronizationRules: readonly {
    readonly objectMappings: readonly { readonly sourceObjectName: string; enabled: boolean }[];
  }[];
}
