// The SCIM client against the simulator: what it does, and what it sends for it.
import { afterEach, describe, expect, it } from 'vitest';

import type { JsonObject } from '../../src/rules/model/json.ts';
import { rfcDialect } from '../../src/rules/model/target.ts';
import type { ScimSession } from '../../src/target/session.ts';
import { endAll, listOf, reply, server, session, simulator, targets, token, USER } from './support.ts';

afterEach(endAll);

const adele = {
  schemas: [USER],
  userName: 'Adele@contoso.com',
  externalId: 'A1',
  emails: [{ type: 'work', value: 'adele@contoso.com' }],
};
const by = (targetPath: string, value: string): { targetPath: string; value: string; priority: number } => ({
  targetPath,
  value,
  priority: 1,
});

async function created(open: ScimSession, body: JsonObject, type: 'User' | 'Group' = 'User'): Promise<string> {
  const answer = await open.create(type, body);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value.id;
}

describe('a session', () => {
  it('creates, reads, changes and deletes an account', async () => {
    const app = await simulator();
    const open = session(`${app.url}/`);
    const id = await created(open, adele);
    expect(await open.get('User', id)).toMatchObject({
      ok: true,
      value: { id, attributes: { userName: 'Adele@contoso.com' } },
    });
    expect(await open.patch('User', id, [{ op: 'replace', path: 'title', value: 'Chef' }])).toMatchObject({
      ok: true,
      value: { id, attributes: { title: 'Chef' } },
    });
    expect(await open.remove('User', id)).toEqual({ ok: true, value: null });
    expect(app.state().users).toEqual([]);
    expect(open.sent).toEqual({ requests: 4, writes: 3 });
  });

  it('finds by any attribute in any case, external ids exactly', async () => {
    const app = await simulator();
    const open = session(app.url);
    const id = await created(open, adele);
    for (const query of [
      by('userName', 'ADELE@contoso.com'),
      by('emails[type eq "work"].value', 'Adele@Contoso.com'),
      by('externalId', 'A1'),
    ]) {
      expect(await open.find('User', query)).toMatchObject({ ok: true, value: [{ id }] });
    }
    for (const query of [by('userName', 'nobody'), by('externalId', 'a1')]) {
      expect(await open.find('User', query)).toEqual({ ok: true, value: [] });
    }
  });

  it('asks for names with quotes, slashes, umlauts and signs as they are', async () => {
    const app = await simulator();
    const open = session(app.url);
    const displayName = 'R&D "Büro" \\ 50% + 1/2 #team?';
    const id = await created(open, { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName }, 'Group');
    expect(await open.find('Group', by('displayName', displayName))).toMatchObject({ ok: true, value: [{ id }] });
  });

  it('never reads the members of groups it looks up, and reads them when it reads the group', async () => {
    const app = await simulator({ seedUsers: 1 });
    const open = session(app.url);
    const member = app.state().users[0]?.['id'] ?? null;
    const id = await created(
      open,
      { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'G' },
      'Group',
    );
    expect(await open.patch('Group', id, [{ op: 'add', path: 'members', value: [{ value: member }] }])).toEqual({
      ok: true,
      value: null,
    });
    expect(JSON.stringify(await open.find('Group', by('displayName', 'g')))).not.toContain('members');
    expect(await open.get('Group', id)).toMatchObject({ value: { attributes: { members: [{ value: member }] } } });
    expect(app.requests().log.map((each) => each.path)[2]).toBe(
      '/Groups?excludedAttributes=members&filter=displayName%20eq%20%22g%22',
    );
  });

  it('sends user agent, a correlation id of its own and the content type of the dialect with every request', async () => {
    const app = await simulator();
    const made = targets();
    const open = made.open({ baseAddress: app.url, token }, { ...rfcDialect, contentType: 'application/json' });
    const id = await created(open, adele);
    await open.remove('User', id);
    const { log } = app.requests();
    expect(log.map((each) => each.userAgent)).toEqual(['Provisor/test', 'Provisor/test']);
    expect(new Set(log.map((each) => each.correlationId)).size).toBe(2);
  });

  it('counts a deletion of what is gone as done, and a change of it as a lost anchor', async () => {
    const app = await simulator();
    const open = session(app.url);
    expect(await open.remove('User', 'gone')).toEqual({ ok: true, value: null });
    const error = { code: 'InvalidAnchor', status: 404 };
    expect(await open.patch('User', 'gone', [{ op: 'remove', path: 'title' }])).toMatchObject({ ok: false, error });
    expect(await open.get('User', 'gone')).toMatchObject({ ok: false, error });
  });

  it('reports a clash as Conflict and a refused value as BadRequest, with the answer of the application', async () => {
    const app = await simulator();
    const open = session(app.url);
    await created(open, adele);
    expect(await open.create('User', adele)).toMatchObject({ ok: false, error: { code: 'Conflict', status: 409 } });
    const refused = await open.create('User', { ...adele, userName: 'b', shoeSize: 44 });
    expect(refused).toMatchObject({ ok: false, error: { code: 'BadRequest', status: 400 } });
    expect(refused.ok ? '' : refused.error.message).toContain('create user b');
    expect(refused.ok ? '' : refused.error.detail).toContain('shoeSize');
  });

  it('keeps to the concurrency of its target over all sessions with one credential', async () => {
    const held: (() => void)[] = [];
    const app = await server((_request, response) => {
      held.push(() => reply(response, 200, listOf()));
    });
    const made = targets({ concurrency: 2 });
    const sessions = [1, 2, 3].map(() => made.open({ baseAddress: app.url, token }, rfcDialect));
    const other = made.open({ baseAddress: app.url, token: 'other' }, rfcDialect);
    const answers = [...sessions, other].map((open) => open.find('User', by('userName', 'a')));
    await expect.poll(() => held.length).toBe(3);
    held[0]?.();
    await expect.poll(() => held.length).toBe(4);
    for (const release of held.slice(1)) release();
    expect(await Promise.all(answers)).toEqual(answers.map(() => ({ ok: true, value: [] })));
  });
});

describe('the connection test', () => {
  it('passes on an empty list and sends a name that cannot exist', async () => {
    const app = await simulator();
    const open = session(app.url);
    await open.testConnection('emails[type eq "work"].value');
    const [request] = app.requests().log;
    expect(decodeURIComponent(request?.path ?? '')).toMatch(
      /^\/Users\?filter=emails\[type eq "work"\].value eq "[0-9a-f-]{36}"$/,
    );
  });

  it('says that the token is wrong', async () => {
    const app = await simulator();
    const code = 'SystemForCrossDomainIdentityManagementInvalidCredentials';
    await expect(session(app.url, {}, 'wrong-token').testConnection('userName')).rejects.toMatchObject({ code });
    await expect(session(app.url, {}, null).testConnection('userName')).rejects.toMatchObject({ code });
    await expect(session(app.url, {}, 'wrong-token').find('User', by('userName', 'a'))).rejects.toMatchObject({ code });
  });

  it('says that a path without SCIM is not compatible', async () => {
    const app = await simulator();
    await expect(session(app.url.replace('/scim', '/other')).testConnection('userName')).rejects.toThrow(
      '404 rather than 200 with an empty list',
    );
  });
});
