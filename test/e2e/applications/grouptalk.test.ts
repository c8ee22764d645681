// GroupTalk's tutorial: labels of users and descriptions of groups, in its own extensions.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWalk } from '../../support/application-walk.ts';
import type { Walk } from '../../support/application-walk.ts';

const LABELS = 'urn:ietf:params:scim:schemas:extension:grouptalk:2.0:User';
const DESCRIPTION = 'urn:ietf:params:scim:schemas:extension:grouptalk:2.0:Group';

let walk: Walk;
let [ann, bob, guards] = ['', '', ''];
let unassign: () => Promise<unknown>;
beforeAll(async () => {
  walk = await startWalk({ id: 'grouptalk', inGallery: 'GroupTalk' });
  ann = await walk.person('ann', {
    givenName: 'Ann',
    surname: 'Ace',
    department: 'North gate',
    jobTitle: 'Guard',
    city: 'Oslo',
    mobilePhone: '+47 1',
    mail: 'ann@contoso.example',
  });
  bob = await walk.person('bob', { department: 'South gate' });
  guards = await walk.team('Guards', [ann, bob], { description: 'Everybody at a gate' });
  unassign = await walk.give(guards);
});
afterAll(() => walk.close());

it('GroupTalk is in step after its initial cycle, with labels and the description of the group', async () => {
  const initial = await walk.connectAndStart();
  expect([initial.state, initial.counts.created, initial.counts.failed]).toEqual(['succeeded', 3, 0]);
  expect(walk.account('ann')).toMatchObject({
    active: true,
    name: { givenName: 'Ann', familyName: 'Ace' },
    phoneNumbers: [{ type: 'mobile', value: '+47 1' }],
    emails: [{ type: 'work', value: 'ann@contoso.example' }],
    [LABELS]: { label1: 'North gate', label2: 'Guard', label4: 'Oslo' },
  });
  expect(walk.groupNamed('Guards')).toMatchObject({ [DESCRIPTION]: { description: 'Everybody at a gate' } });
  expect(walk.membersOf('Guards')).toEqual(['ann', 'bob']);
  expect(walk.service.state().users).toHaveLength(2);
  expect(await walk.writes()).toEqual([]);
});

it('GroupTalk gets a changed label, a renamed group and its new description in one write each', async () => {
  await walk.ok('PATCH', `/v1.0/users/${bob}`, { department: 'East gate', jobTitle: 'Lead' });
  await walk.ok('PATCH', `/v1.0/groups/${guards}`, { displayName: 'Gatekeepers', description: 'All gates' });
  expect(await walk.writes()).toEqual(['PATCH Users', 'PATCH Groups']);
  expect(walk.account('bob')).toMatchObject({ [LABELS]: { label1: 'East gate', label2: 'Lead' } });
  expect(walk.groupNamed('Gatekeepers')).toMatchObject({ [DESCRIPTION]: { description: 'All gates' } });
  expect(await walk.writes()).toEqual([]);
});

it('GroupTalk loses a member, and a deleted user when it is gone for good', async () => {
  await walk.ok('DELETE', `/v1.0/groups/${guards}/members/${bob}/$ref`);
  await walk.writes();
  expect(walk.account('bob')).toMatchObject({ active: false });
  expect(walk.membersOf('Gatekeepers')).toEqual(['ann']);
  await walk.ok('DELETE', `/v1.0/users/${ann}`);
  await walk.writes();
  expect(walk.account('ann')).toMatchObject({ active: false });
  await walk.ok('DELETE', `/v1.0/directory/deletedItems/${ann}`);
  expect(await walk.writes()).toEqual(['DELETE Users']);
  expect(walk.account('ann')).toBeUndefined();
});

it('GroupTalk loses the group that is assigned no more', async () => {
  await unassign();
  expect(await walk.writes()).toEqual(['DELETE Groups']);
  expect(walk.groupNamed('Gatekeepers')).toBeUndefined();
});
