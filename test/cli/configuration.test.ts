// export and apply: a file that goes round, differences that are shown, and bad files that change nothing.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { listen } from '../../src/control/listen.ts';
import type { Listening } from '../../src/control/listen.ts';
import { command } from '../support/command.ts';
import { ADMIN, openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';
import { SP } from '../support/fake-deps.ts';

interface Written {
  provisor: number;
  template: string;
  interval: string;
  settings: Record<string, string | null>;
  scope: string;
  secrets: Record<string, string | null>;
  notification?: object;
  mappings: { source: string; filter?: unknown[]; attributes: Record<string, unknown> }[];
  [more: string]: unknown;
}

const root = `/v1.0/servicePrincipals/${SP.id}/synchronization`;
const TOKEN = 'a-very-secret-token';
let control: Control;
let listening: Listening;
let dir: string;
let file: string;
let jobId: string;
const run = (...args: readonly string[]) => command(...args, '--url', listening.url);

beforeEach(async () => {
  vi.stubEnv('PROVISOR_ADMIN_TOKEN', ADMIN);
  dir = await mkdtemp(join(tmpdir(), 'provisor-configuration-'));
  file = join(dir, 'job.yaml');
  control = await openControl();
  listening = await listen(control.app, { host: '127.0.0.1', port: 0, tlsPort: 0 });
  await control.send('PUT', `${root}/secrets`, {
    value: [
      { key: 'BaseAddress', value: 'https://app.example/scim' },
      { key: 'SecretToken', value: TOKEN },
      { key: 'SyncAll', value: 'true' },
      { key: 'SyncNotificationSettings', value: '{"Enabled":true,"Recipients":"ops@contoso.com"}' },
    ],
  });
  jobId = (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>().id;
  expect((await run('export', '--job', jobId, '--out', file)).code).toBe(0);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await listening.close();
  await rm(dir, { recursive: true, force: true });
});

const change = async (edit: (document: Written) => void): Promise<void> => {
  const document = parse(await readFile(file, 'utf8')) as Written;
  edit(document);
  await writeFile(file, stringify(document));
};
const acts = () => control.world.audits.length;
const job = () => control.world.jobs.get(jobId);

describe('export', () => {
  it('writes a readable document without any secret', async () => {
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(TOKEN);
    expect(parse(text)).toMatchObject({
      provisor: 1,
      application: SP.displayName,
      template: 'scim',
      interval: 'PT40M',
      scope: 'all',
      notification: { Enabled: true, Recipients: 'ops@contoso.com' },
      secrets: { BaseAddress: 'https://app.example/scim', SecretToken: '${CONTOSO_INTRANET_SECRET_TOKEN}' },
    });
    expect(text).toContain('displayName: "[displayName]"');
    expect(text.split('\n').length).toBeLessThan(120);
  });

  it('can be printed, as JSON too, and changes nothing', async () => {
    const before = acts();
    const { out } = await run('export', '--job', 'Contoso', '--json');
    expect(JSON.parse(out)).toMatchObject({ provisor: 1, template: 'scim' });
    expect(acts()).toBe(before);
  });
});

describe('apply', () => {
  it('of what was exported changes nothing, also asked for twice', async () => {
    const before = acts();
    for (const time of ['once', 'twice']) {
      const { code, out } = await run('apply', '-f', file);
      expect([time, code, out]).toEqual([time, 0, `${file}: job ${jobId} is as it should be\n`]);
    }
    expect(acts()).toBe(before);
  });

  it('shows what changes, asks, changes all of it, and is done then', async () => {
    await change((document) => {
      document.interval = 'PT20M';
      document.settings['QuarantineTooManyDeletesThreshold'] = '7';
      document.scope = 'assigned';
      const [users] = document.mappings;
      if (users === undefined) throw new Error('no mapping of users');
      users.attributes['title'] = 'ToUpper([jobTitle], )';
      users.filter = [{ name: 'Sales', all: [['department', 'EQUALS', 'Sales']] }];
    });
    const asked = await run('apply', '-f', file);
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('Add --yes to go on.') as string]);
    expect(asked.out).toContain('~ interval › seconds: 2400 → 1200');
    expect(asked.out).toContain('+ settings › QuarantineTooManyDeletesThreshold: 7');
    expect(asked.out).toContain('~ secrets › SyncAll: true → false');
    expect(asked.out).toContain('~ User › title › source: [jobTitle] → ToUpper([jobTitle], )');
    expect(asked.out).not.toContain('\u001b[');
    expect(job()?.intervalSeconds).toBe(2400);
    const applied = await run('apply', '-f', file, '--yes');
    expect(applied.code).toBe(0);
    expect(job()).toMatchObject({ intervalSeconds: 1200, settings: { QuarantineTooManyDeletesThreshold: '7' } });
    expect(control.world.secrets.get(SP.id)).toMatchObject({ SyncAll: 'false', SecretToken: TOKEN });
    expect(control.world.schemas.get(jobId)?.length).toBe(2);
    expect(control.world.audits.map(({ activity }) => activity)).toContain('Update attribute mappings or scope');
    expect((await run('apply', '-f', file)).out).toContain('is as it should be');
  });

  it('changes nothing with --dry-run', async () => {
    await change((document) => (document.interval = 'PT1H'));
    const before = acts();
    const { code, out } = await run('apply', file, '--dry-run', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      value: [{ file, jobId, creates: false, applied: false, changes: [{ where: 'interval › seconds' }] }],
    });
    expect([acts(), job()?.intervalSeconds]).toEqual([before, 2400]);
  });

  it('takes secrets from the environment, and shows none', async () => {
    vi.stubEnv('CONTOSO_INTRANET_SECRET_TOKEN', 'another-token');
    const { code, out, err } = await run('apply', '-f', file, '--yes');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('~ secrets › SecretToken: * → *');
    expect(out).not.toContain('another-token');
    expect(control.world.secrets.get(SP.id)?.['SecretToken']).toBe('another-token');
  });

  it('leaves what the document does not name, and removes what it sets to null', async () => {
    await run('apply', '-f', file);
    await change((document) => {
      document.secrets = { SecretToken: null };
      document.settings = { AzureIngestionAttributeOptimization: null };
      delete document.notification;
    });
    expect((await run('apply', '-f', file, '--yes')).code).toBe(0);
    const secrets = control.world.secrets.get(SP.id) ?? {};
    expect(Object.keys(secrets).sort()).toEqual(['BaseAddress', 'SyncAll', 'SyncNotificationSettings']);
    expect(job()?.settings).not.toHaveProperty('AzureIngestionAttributeOptimization');
  });

  it('creates the job where there is none, by the name of the application', async () => {
    await control.send('DELETE', `${root}/jobs/${jobId}`);
    await change((document) => delete document['servicePrincipalId']);
    const { code, out } = await run('apply', '-f', file, '--yes');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/a new job[\s\S]*is created; start it with 'jobs start'/) as string,
    ]);
    expect(control.world.jobs.size).toBe(1);
    expect((await run('apply', '-f', file)).out).toContain('is as it should be');
    expect(control.world.jobs.size).toBe(1);
  });

  it('takes a directory: all files are checked before the first is applied', async () => {
    const all = join(dir, 'all');
    await mkdir(all);
    await writeFile(join(all, 'a.yaml'), (await readFile(file, 'utf8')).replace('PT40M', 'PT5M'));
    await writeFile(join(all, 'b.yml'), (await readFile(file, 'utf8')).replace('PT40M', 'soon'));
    await writeFile(join(all, 'notes.txt'), 'no document');
    const before = acts();
    const { code, err } = await run('apply', '-f', all, '--yes');
    expect(code).toBe(1);
    expect(err).toMatch(/b\.yml:\d+: interval: 'soon' is no interval/);
    expect(acts()).toBe(before);
  });
});

describe('a bad document changes nothing and names file, line and member', () => {
  const line = async (text: string): Promise<string> => {
    const lines = (await readFile(file, 'utf8')).split('\n');
    return String(lines.findIndex((each) => each.includes(text)) + 1);
  };
  it.each<[string, (document: Written) => void, string, RegExp]>([
    ['another form', (d) => (d.provisor = 2), 'provisor:', /provisor: it must be 1/],
    ['an unknown member', (d) => (d['intervall'] = 'PT1M'), 'provisor:', /"intervall"/],
    [
      'an unknown template',
      (d) => (d.template = 'nothing'),
      'template:',
      /template: Template 'nothing' does not exist/,
    ],
    [
      'a wrong setting',
      (d) => (d.settings['InvalidAnchorAction'] = 'x'),
      'InvalidAnchorAction',
      /Setting InvalidAnchorAction is 'x'/,
    ],
    [
      'a wrong type',
      (d) => (d.settings['InvalidAnchorMost'] = 5 as never),
      'InvalidAnchorMost',
      /settings\/InvalidAnchorMost/,
    ],
    ['a wrong tenant URL', (d) => (d.secrets['BaseAddress'] = 'nonsense'), 'BaseAddress', /BaseAddress/],
    ['a wrong expression', (d) => ((d.mappings[0] ?? raise()).attributes['title'] = 'Trimm([x])'), 'title:', /Trimm/],
    ['a job that is not there', (d) => (d['job'] = 'x'), 'job: x', /has no job 'x'/],
    [
      'an application that is not there',
      (d) => {
        d['application'] = 'Nobody';
        delete d['servicePrincipalId'];
      },
      'application:',
      /Nobody/,
    ],
  ])('%s', async (_what, edit, place, message) => {
    await change(edit);
    const before = acts();
    const { code, err } = await run('apply', '-f', file, '--yes');
    expect([code, err]).toEqual([1, expect.stringMatching(message) as string]);
    expect(err).toContain(`${file}:${await line(place)}: `);
    expect(err).toContain('Nothing was changed.');
    expect([acts(), control.world.jobs.size]).toEqual([before, 1]);
  });

  it.each([
    ['no YAML', 'a: [1', 1],
    ['a list', '- a', 1],
    ['one member twice', 'a: 1\na: 2', 1],
  ])('%s', async (_what, text, code) => {
    await writeFile(file, text);
    const ended = await run('apply', '-f', file, '--yes');
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(`${file}:`);
  });

  it.each([[['apply']], [['apply', 'a', '-f', 'b']], [['apply', '-f', '/nowhere/job.yaml']], [['export']]])(
    'wrong usage ends with 2: %j',
    async (args) => expect((await run(...args)).code).toBe(2),
  );
});

const raise = (): never => {
  throw new Error('no mapping of users');
};
