import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listen } from '../../src/control/listen.ts';
import type { Listening } from '../../src/control/listen.ts';
import { command } from '../support/command.ts';
import { ADMIN, openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

let control: Control;
let listening: Listening;
const run = (...args: string[]) => command('tokens', ...args, '--url', listening.url);

beforeEach(async () => {
  vi.stubEnv('PROVISOR_ADMIN_TOKEN', ADMIN);
  control = await openControl();
  control.world.now = new Date();
  listening = await listen(control.app, { host: '127.0.0.1', port: 0, tlsPort: 0 });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await listening.close();
});

it('tokens are created, shown once, listed and revoked', async () => {
  expect((await run('list')).out).toContain('No tokens yet.');
  const made = await run('create', 'grafana', '--role', 'reader', '--days', '7');
  expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^pvr_[\w-]{43}\n$/)]);
  expect(made.err).toMatch(/'grafana' of role reader expires \d{4}-/);
  const asked = await fetch(`${listening.url}/api/jobs`, { headers: { authorization: `Bearer ${made.out.trim()}` } });
  expect(asked.status).toBe(200);
  const listed = await run('list');
  expect(listed.out).toContain('grafana');
  expect(listed.out).not.toContain(made.out.trim());
  expect((await run('revoke', 'grafana')).out).toContain('is revoked');
  expect((await run('revoke', 'grafana')).err).toContain("There is no token 'grafana'");
});

it('a token is made for a role, for days or for ever, and nothing else', async () => {
  expect((await run('create', 'x')).code).toBe(2);
  expect((await run('create', 'x', '--role', 'owner')).code).toBe(2);
  expect((await run('create', 'x', '--role', 'reader', '--days', '0')).code).toBe(2);
  const endless = await run('create', 'x', '--role', 'reader', '--days', 'never', '--json');
  expect(JSON.parse(endless.out)).toMatchObject({ expiresAt: null, role: 'reader' });
});
