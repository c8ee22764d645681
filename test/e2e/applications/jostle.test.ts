// Jostle's tutorial: no groups, and four typed e-mail addresses of which one changes and the others stay.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWalk } from '../../support/application-walk.ts';
import type { Walk } from '../../support/application-walk.ts';

const LABELS = 'urn:ietf:params:scim:schemas:extension:jostle:2.0:User';

let walk: Walk;
let [ann, bob, club] = ['', '', ''];
beforeAll(async () => {
  walk = await startWalk({ id: 'jostle', inGallery: 'Jostle' });
  ann = await walk.person('ann', {
    mail: 'ann@work.example',
    otherMails: ['ann@home.example', 'ann@elsewhere.example'],
    onPremisesExtensionAttributes: {
      extensionAttribute1: 'ann@club.example',
      extensionAttribute2: 'ann@school.example',
      extensionAttribute3: 'Club',
      extensionAttribute4: 'School',
    },
  });
  bob = await walk.person('bob', { mail: 'bob@work.example' });
  club = await walk.team('Club', [bob]);
  await walk.give(ann);
  await walk.give(club);
});
afterAll(() => walk.close());

const emailsOf = (name: string) =>
  Object.fromEntries(
    ((walk.account(name)?.['emails'] ?? []) as readonly { type: string; value: string }[]).map(({ type, value }) => [
      type,
      value,
    ]),
  );

it('Jostle is in step after its initial cycle: four addresses with labels, and members of a group without the group', async () => {
  const initial = await walk.connectAndStart();
  expect([initial.state, initial.counts.created, initial.counts.failed]).toEqual(['succeeded', 2, 0]);
  expect(emailsOf('ann')).toEqual({
    work: 'ann@work.example',
    personal: 'ann@home.example',
    alternate1: 'ann@club.example',
    alternate2: 'ann@school.example',
  });
  expect(walk.account('ann')?.[LABELS]).toEqual({ alternateEmail1Label: 'Club', alternateEmail2Label: 'School' });
  expect(emailsOf('bob')).toEqual({ work: 'bob@work.example' });
  expect(walk.service.requests().log.filter(({ path }) => path.startsWith('/Groups'))).toEqual([]);
  expect(await walk.writes()).toEqual([]);
});

it('Jostle keeps three addresses when the fourth changes, also those that were entered in Jostle', async () => {
  await walk.ok('PATCH', `/v1.0/users/${ann}`, { otherMails: ['ann@new-home.example'] });
  expect(await walk.writes()).toEqual(['PATCH Users']);
  expect(emailsOf('ann')).toEqual({
    work: 'ann@work.example',
    personal: 'ann@new-home.example',
    alternate1: 'ann@club.example',
    alternate2: 'ann@school.example',
  });
  await patchAtJostle('bob', [{ op: 'add', path: 'emails', value: [{ type: 'personal', value: 'bob@own.example' }] }]);
  await walk.ok('PATCH', `/v1.0/users/${bob}`, { mail: 'bob@new-work.example' });
  expect(await walk.writes()).toEqual(['PATCH Users']);
  expect(emailsOf('bob')).toEqual({ work: 'bob@new-work.example', personal: 'bob@own.example' });
});

it('Jostle gets an address that was missing as a new element of its type', async () => {
  const extension = { extensionAttribute1: 'bob@club.example', extensionAttribute3: 'Club' };
  await walk.ok('PATCH', `/v1.0/users/${bob}`, { onPremisesExtensionAttributes: extension });
  await walk.writes();
  expect(emailsOf('bob')).toMatchObject({ work: 'bob@new-work.example', alternate1: 'bob@club.example' });
  expect(walk.account('bob')?.[LABELS]).toEqual({ alternateEmail1Label: 'Club' });
});

it('Jostle disables who is assigned no more, and takes the account up again', async () => {
  await walk.ok('DELETE', `/v1.0/groups/${club}/members/${bob}/$ref`);
  expect(await walk.writes()).toEqual(['PATCH Users']);
  expect(walk.account('bob')).toMatchObject({ active: false });
  await walk.give(bob);
  expect(await walk.writes()).toEqual(['PATCH Users']);
  expect(walk.account('bob')).toMatchObject({ active: true });
  expect(await walk.writes()).toEqual([]);
});

async function patchAtJostle(name: string, operations: readonly object[]): Promise<void> {
  const { id } = walk.account(name) as { id: string };
  const answer = await fetch(`${walk.service.url}/Users/${id}`, {
    method: 'PATCH',
    headers: { authorization: 'Bearer a-secret-of-the-application', 'content-type': 'application/scim+json' },
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: operations,
    }),
  });
  expect(answer.status).toBe(200);
}
