// Dialpad's tutorial: only what is assigned, and groups that keep their name; under a rate limit.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_ACCESS, startWalk } from '../../support/application-walk.ts';
import type { Walk } from '../../support/application-walk.ts';

let walk: Walk;
let [ann, bob, eve, support] = ['', '', '', ''];
beforeAll(async () => {
  walk = await startWalk({ id: 'dialpad', inGallery: 'Dialpad', faults: { requestsPerSecond: 20 } });
  ann = await walk.person('ann', { department: 'Support', jobTitle: 'Agent', businessPhones: ['+1 555'] });
  bob = await walk.person('bob');
  eve = await walk.person('eve');
  await walk.person('fay');
  support = await walk.team('Support', [ann]);
  await walk.give(support);
  await walk.give(bob);
  await walk.give(eve, DEFAULT_ACCESS);
});
afterAll(() => walk.close());

it('Dialpad is in step after its initial cycle, with who is assigned and nobody else', async () => {
  const initial = await walk.connectAndStart();
  expect([initial.state, initial.counts.failed]).toEqual(['succeeded', 0]);
  expect(walk.account('ann')).toMatchObject({
    title: 'Agent',
    phoneNumbers: [{ type: 'work', value: '+1 555' }],
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Support' },
  });
  expect(walk.account('bob')).toMatchObject({ active: true });
  expect(walk.account('fay')).toBeUndefined();
  expect(walk.membersOf('Support')).toEqual(['ann']);
  expect(await walk.writes()).toEqual([]);
});

it('Dialpad gets nobody who has only Default Access, and the log says so, until a role is given', async () => {
  expect(walk.account('eve')).toBeUndefined();
  expect((await walk.log(eve)).at(-1)).toMatchObject({ status: 'skipped', errorCode: 'NotEffectivelyEntitled' });
  const takeRole = await walk.give(eve);
  expect(await walk.writes()).toEqual(['POST Users']);
  await takeRole();
  expect(await walk.writes()).toEqual(['PATCH Users']);
  expect(walk.account('eve')).toMatchObject({ active: false });
});

it('Dialpad is not asked to rename a group: it is skipped for that reason, and does not return in the next cycle', async () => {
  await walk.ok('PATCH', `/v1.0/groups/${support}`, { displayName: 'Customer care' });
  expect(await walk.writes()).toEqual([]);
  expect((await walk.log(support)).at(-1)).toEqual({
    action: 'other',
    status: 'skipped',
    errorCode: 'GroupRenameNotSupported',
  });
  const lines = (await walk.log(support)).length;
  expect(await walk.writes()).toEqual([]);
  expect(await walk.log(support)).toHaveLength(lines);
  expect(walk.groupNamed('Support')).toBeDefined();
  expect((await walk.log(support)).some(({ status }) => status === 'failure')).toBe(false);
});

it('Dialpad gets members of a group that was renamed, by the link and not by the name', async () => {
  await walk.ok('POST', `/v1.0/groups/${support}/members/$ref`, {
    '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${bob}`,
  });
  expect(await walk.writes()).toEqual(['PATCH Groups']);
  expect(walk.membersOf('Support')).toEqual(['ann', 'bob']);
  expect(await walk.writes('initial')).toEqual([]);
});

it('Dialpad disables a disabled user and deletes the group that is gone', async () => {
  await walk.ok('PATCH', `/v1.0/users/${ann}`, { accountEnabled: false });
  await walk.writes();
  expect(walk.account('ann')).toMatchObject({ active: false });
  await walk.ok('DELETE', `/v1.0/groups/${support}`);
  expect(await walk.writes()).toContain('DELETE Groups');
  expect(walk.service.state().groups).toEqual([]);
});
