// An application that breaks in the middle of a cycle, each way that real ones do, and recovers: the next cycle puts all
// of it in step, nobody is there twice, and nobody lost access meanwhile.
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { startLife } from '../support/life.ts';
import type { Life } from '../support/life.ts';
import { startNasty } from '../support/nasty-server.ts';
import type { NastyRequest, NastyServer, Trouble } from '../support/nasty-server.ts';

const names = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal'];
let life: Life;
let target: NastyServer;
let team: string;
const ids = new Map<string, string>();

beforeAll(async () => {
  target = await startNasty();
  life = await startLife({ users: 2, groups: 1, syncAll: false });
  const secrets = { BaseAddress: target.url, SecretToken: target.token, SyncAll: 'false' };
  await life.ok('PUT', `/v1.0/servicePrincipals/${life.servicePrincipalId}/synchronization/secrets`, {
    value: Object.entries(secrets).map(([key, value]) => ({ key, value })),
  });
  team = await life.group('Team');
  await life.assign(team);
});
afterAll(async () => {
  await life.close();
  await target.close();
});

type Answer = (response: ServerResponse, request: NastyRequest) => void;
const says =
  (status: number, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/scim+json', ...headers }).end(body);

/** Whatever is asked about users, from the second request of a cycle on: the first is its test of the connection. */
function afterTheFirst(answer: Answer): Trouble {
  let asked = 0;
  return (request, response) => {
    if (!request.path.includes('/Users')) return null;
    asked += 1;
    if (asked === 1) return null;
    answer(response, request);
    return true;
  };
}
const onWrites =
  (answer: Answer): Trouble =>
  (request, response) => {
    if (request.method === 'GET' || !request.path.includes('/Users')) return null;
    answer(response, request);
    return true;
  };

const troubles: readonly (readonly [string, () => Trouble, RegExp | null])[] = [
  ['401', () => afterTheFirst(says(401, '{}')), /does not accept the secret token: it answered 401/],
  ['403', () => afterTheFirst(says(403, '{}')), /does not accept the secret token: it answered 403/],
  ['404', () => afterTheFirst(says(404, '{"detail":"no"}')), /denied \d+ requests in a row, .* answers 404/],
  [
    'a page of maintenance',
    () => afterTheFirst(says(200, '<html>Back soon</html>', { 'content-type': 'text/html' })),
    /requests in a row, .* is not SCIM/,
  ],
  [
    'JSON that ends too early',
    () => afterTheFirst(says(200, '{"Resources":[{"id":')),
    /requests in a row, .* is not SCIM/,
  ],
  ['an empty answer', () => afterTheFirst(says(200, '')), /requests in a row, .* is not SCIM/],
  [
    'a compressed body that ends too early',
    () => afterTheFirst(says(200, gzipSync('{"totalResults":0}').subarray(0, 12), { 'content-encoding': 'gzip' })),
    /requests in a row, .* a compressed body that is incomplete or broken/,
  ],
  [
    'a redirect to a page of sign-in elsewhere',
    () => afterTheFirst(says(302, '', { location: 'https://login.example/' })),
    /requests in a row, .* a redirect to another place \(https:\/\/login.example\)/,
  ],
  ['a connection that is reset at each write', () => onWrites((response) => void response.destroy()), null],
  ['500 at each write', () => onWrites(says(500, 'Traceback: boom')), null],
];

const active = () =>
  [...target.users.values()].flatMap(({ id, attributes }) => (attributes['active'] === true ? [id.split('@')[0]] : []));
const membersOfTeam = () => {
  const [group] = [...target.groups.values()];
  return ((group?.attributes['members'] ?? []) as readonly { value: string }[]).map(({ value }) => value.split('@')[0]);
};

it('creates everybody in the cycle after a page of maintenance stood in its way, each of them once', async () => {
  for (const name of names) {
    const id = await life.user(name, { jobTitle: 'none' });
    ids.set(name, id);
    await life.assign(id);
    await life.join(team, id);
  }
  target.trouble(afterTheFirst(says(200, '<html>Back soon</html>', { 'content-type': 'text/html' })));
  expect(await life.cycle('initial')).toMatchObject({ state: 'failed', counts: { failed: 0 } });
  expect(target.users.size).toBe(0);
  target.trouble(() => null);
  expect(await life.cycle()).toMatchObject({ state: 'succeeded', counts: { created: 9, failed: 0 } });
  expect(active().toSorted()).toEqual(names);
  expect(membersOfTeam().toSorted()).toEqual(names);
});

it.each(troubles)('%s', async (title, trouble, message) => {
  for (const name of names) await life.patchUser(ids.get(name) ?? '', { jobTitle: title });
  const disabled = ids.get('ada') ?? '';
  await life.patchUser(disabled, { accountEnabled: false });
  await life.leave(team, disabled);
  target.trouble(trouble());
  const broken = await life.cycle();
  if (message === null) expect(broken.state).toBe('entryLevelErrors');
  else expect(broken.error?.message).toMatch(message);
  expect(active()).toEqual(expect.arrayContaining(names.slice(1)));

  target.trouble(() => null);
  expect(await life.cycle()).toMatchObject({ state: 'succeeded', counts: { created: 0, failed: 0 } });
  expect(target.users.size).toBe(names.length);
  expect(active().toSorted()).toEqual(names.slice(1));
  expect(membersOfTeam().toSorted()).toEqual(names.slice(1));
  const titles = [...target.users.values()].map(({ attributes }) => attributes['title']);
  expect(titles.filter((held) => held === title)).toHaveLength(names.length - 1);
  await life.patchUser(disabled, { accountEnabled: true });
  await life.join(team, disabled);
  expect(await life.cycle()).toMatchObject({ state: 'succeeded', counts: { restored: 1, failed: 0 } });
  expect(membersOfTeam().toSorted()).toEqual(names);
});
