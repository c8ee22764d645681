// What each dialect puts on the wire, as golden transcripts: the real client against a server that records. Byte by byte:
// a body is shown indented, and the test holds that this loses nothing.
import { afterEach, describe, expect, it } from 'vitest';

import type { AttributeChange } from '../../src/rules/model/decisions.ts';
import type { Json } from '../../src/rules/model/json.ts';
import { dialectNames } from '../../src/rules/model/target.ts';
import type { KnownAttributes } from '../../src/rules/model/target.ts';
import { createBody } from '../../src/rules/scim/build.ts';
import { dialects } from '../../src/rules/scim/dialects.ts';
import { managerOperation, memberOperations, patchOperations } from '../../src/rules/scim/patch.ts';
import type { ScimSession } from '../../src/target/session.ts';
import type { RawServer, Seen } from './support.ts';
import { endAll, listOf, reply, server, targets, token } from './support.ts';

afterEach(endAll);

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const CUSTOM = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User';
const adele = {
  externalId: '0a21f0f2',
  userName: 'adele@contoso.com',
  active: true,
  'emails[type eq "work"].value': 'adele@contoso.com',
  'name.formatted': 'Adele Vance',
  'name.familyName': 'Vance',
  'name.givenName': 'Adele',
  [`${ENTERPRISE}:department`]: 'Sales',
};
const roles = [{ id: 'a5c4', value: '25', displayName: 'Editor', isEnabled: true }];
const by = (targetPath: string, value: string) => ({ targetPath, value, priority: 1 });
const changes = (known: KnownAttributes, desired: Readonly<Record<string, Json>>): readonly AttributeChange[] =>
  Object.entries(desired).map(([path, after]) => {
    const before = known[path] ?? null;
    return { path, before, after, op: after === null ? 'remove' : before === null ? 'add' : 'replace' };
  });

type Step = (session: ScimSession) => Promise<unknown>;
const change =
  (desired: Readonly<Record<string, Json>>, known: KnownAttributes = adele): Step =>
  (session) =>
    session.patch('User', 'u1', patchOperations(changes(known, desired), known));
const create =
  (desired: Readonly<Record<string, Json>>): Step =>
  (session) =>
    session.create('User', createBody('User', ENTERPRISE, desired, session.dialect.create));
const manager =
  (to: string | null, from: string | null): Step =>
  (session) =>
    session.patch('User', 'u1', [managerOperation(`${ENTERPRISE}:manager`, to, from)]);
const members =
  (add: readonly string[], remove: readonly string[]): Step =>
  async (session) => {
    for (const request of memberOperations({ add, remove }, session.dialect.membersPerPatch))
      await session.patch('Group', 'g1', request);
  };
const complexRole = (nameKey: string) => [
  { primary: false, type: 'WindowsAzureActiveDirectoryRole', [nameKey]: 'Editor', value: '25' },
];

const steps: Readonly<Record<string, Step>> = {
  'connection-test': (session) => session.testConnection('userName'),
  'user-match': (session) => session.find('User', by('userName', 'adele vance@contoso.com')),
  'user-match-by-mail': (session) => session.find('User', by('emails[type eq "work"].value', 'a+b&c@contoso.com')),
  'user-read': (session) => session.get('User', 'u1'),
  'user-create': create(adele),
  'user-create-with-role': create({ ...adele, 'roles[primary eq "True"].value': '25' }),
  'user-create-with-roles': create({ ...adele, roles: complexRole('display') }),
  'user-create-with-custom-attribute': create({ userName: 'adele@contoso.com', [`${CUSTOM}:label1`]: 'x' }),
  'user-update-one': change({ 'name.familyName': 'Vance-Ek' }),
  'user-update-several': change({
    'emails[type eq "work"].value': 'ada@contoso.com',
    'name.familyName': 'Vance-Ek',
    [`${ENTERPRISE}:department`]: 'Marketing',
    nickName: 'Ada',
  }),
  'user-add-attribute': change({ nickName: 'Babs' }),
  'user-add-typed-element': change({
    'addresses[type eq "work"].locality': 'Umeå',
    'addresses[type eq "work"].country': 'SE',
  }),
  'user-clear-attribute': change({ 'name.formatted': null }),
  'user-disable': change({ active: false }),
  'user-enable': change({ active: true }, { ...adele, active: false }),
  'user-disable-and-rename': change({ active: false, userName: 'gone@contoso.com' }),
  'user-manager-set': manager('271', null),
  'user-manager-change': manager('272', '271'),
  'user-manager-clear': manager(null, '272'),
  'user-role-single': change({ 'roles[primary eq "True"].value': '25' }),
  'user-role-single-change': change(
    { 'roles[primary eq "True"].value': '25' },
    { 'roles[primary eq "True"].value': '7' },
  ),
  'user-roles-added': change({ roles: complexRole('displayName') }),
  'user-roles-replaced': change({ roles: complexRole('display') }, { roles: [{ value: '7' }] }),
  'user-delete': (session) => session.remove('User', 'u1'),
  'group-match': (session) => session.find('Group', by('displayName', 'Sales & "Co"')),
  'group-read': (session) => session.get('Group', 'g1'),
  'group-create': (session) =>
    session.create(
      'Group',
      createBody('Group', GROUP, { externalId: '8aa1a0c0', displayName: 'Sales' }, session.dialect.create),
    ),
  'group-rename': (session) =>
    session.patch('Group', 'g1', patchOperations(changes({ displayName: 'Sales' }, { displayName: 'Sales EU' }), {})),
  'group-members-added': members(['u1', 'u2'], []),
  'group-member-removed': members([], ['u1']),
  'group-members-changed': members(['u3'], ['u1', 'u2']),
  'group-delete': (session) => session.remove('Group', 'g1'),
};

async function recorder(): Promise<RawServer> {
  return server(({ method, url }, response) => {
    if (method === 'GET' && url.includes('filter=')) return reply(response, 200, listOf());
    if (method === 'PATCH' || method === 'DELETE') return reply(response, 204, '');
    return reply(response, method === 'POST' ? 201 : 200, { id: 'u1', userName: 'adele@contoso.com' });
  });
}

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function transcript({ method, url, headers, body }: Seen): string {
  const shown = ['user-agent', 'accept', 'authorization', 'content-type']
    .flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${String(headers[name])}`]))
    .join('\n');
  const json = body === '' ? null : (JSON.parse(body) as Json);
  if (json !== null) expect(JSON.stringify(json)).toBe(body);
  const text = json === null ? '' : `\n\n${JSON.stringify(json, null, 2)}`;
  return `${method} ${url.replace('/scim', '')}\n${shown}${text}\n`
    .replaceAll(token, '{token}')
    .replace(GUID, '{guid}');
}

describe.each(dialectNames)('%s sends', (name) => {
  it.each(Object.keys(steps))('%s as recorded', async (step) => {
    const { url, seen } = await recorder();
    const session = targets().open({ baseAddress: url, token }, dialects[name], { roles });
    await steps[step]?.(session);
    await expect(seen.map(transcript).join('\n')).toMatchFileSnapshot(`golden/${name}/${step}.http`);
  });
});
