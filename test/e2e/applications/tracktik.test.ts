// TrackTik's tutorial: an application created by hand; users become employees of the region HQ, groups the roles they hold.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWalk, upn } from '../../support/application-walk.ts';
import type { Walk } from '../../support/application-walk.ts';

let walk: Walk;
let [ann, bob, patrol] = ['', '', ''];
beforeAll(async () => {
  walk = await startWalk({ id: 'tracktik', inGallery: null });
  ann = await walk.person('ann', { jobTitle: 'Guard', employeeId: 'E1' });
  bob = await walk.person('bob');
  patrol = await walk.team('Patrol', [ann, bob]);
  await walk.give(patrol);
});
afterAll(() => walk.close());

const employees = () =>
  (walk.service.show()['employees'] as readonly { username: string; region: string; status: string; roles: string[] }[])
    .map(({ username, region, status, roles }) => [username, region, status, roles] as const)
    .sort();
const roles = () => (walk.service.show()['roles'] as readonly { name: string }[]).map(({ name }) => name);

it('TrackTik, created by hand, is offered the template scim and takes its own', async () => {
  const root = `/v1.0/servicePrincipals/${walk.servicePrincipalId}/synchronization/templates`;
  const { value } = await walk.ok<{ value: { id: string }[] }>('GET', root);
  expect(value.map(({ id }) => id)).toEqual(['scim']);
});

it('TrackTik is in step after its initial cycle: employees of HQ with their roles', async () => {
  const initial = await walk.connectAndStart();
  expect([initial.state, initial.counts.created, initial.counts.failed]).toEqual(['succeeded', 3, 0]);
  expect(employees()).toEqual([
    [upn('ann'), 'HQ', 'ACTIVE', ['Patrol']],
    [upn('bob'), 'HQ', 'ACTIVE', ['Patrol']],
  ]);
  expect(roles()).toEqual(['Patrol']);
  expect(walk.account('ann')).toMatchObject({
    title: 'Guard',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { employeeNumber: 'E1' },
  });
  expect(await walk.writes()).toEqual([]);
});

it('TrackTik gets a renamed role, and an employee who loses it is inactive', async () => {
  await walk.ok('PATCH', `/v1.0/groups/${patrol}`, { displayName: 'Night patrol' });
  await walk.ok('DELETE', `/v1.0/groups/${patrol}/members/${bob}/$ref`);
  await walk.writes();
  expect(employees()).toEqual([
    [upn('ann'), 'HQ', 'ACTIVE', ['Night patrol']],
    [upn('bob'), 'HQ', 'INACTIVE', []],
  ]);
});

it('TrackTik deletes employees who are gone for good and roles that are gone', async () => {
  await walk.ok('DELETE', `/v1.0/users/${bob}`);
  await walk.ok('DELETE', `/v1.0/directory/deletedItems/${bob}`);
  await walk.ok('DELETE', `/v1.0/groups/${patrol}`);
  await walk.writes();
  expect(employees().map(([name]) => name)).toEqual([upn('ann')]);
  expect(roles()).toEqual([]);
  expect(await walk.writes()).toEqual([]);
});
