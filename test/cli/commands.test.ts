// Commands as processes: what they print, and how they end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endingOf } from '../../src/cli/failure.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { listen } from '../../src/control/listen.ts';
import type { Listening } from '../../src/control/listen.ts';
import { noCounts } from '../../src/rules/model/job.ts';
import type { Cycle } from '../../src/rules/model/job.ts';
import { ADMIN, openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';
import { cycleOf, logEntryOf, SP } from '../support/fake-deps.ts';

let dataDir: string;
beforeAll(async () => void (dataDir = await mkdtemp(join(tmpdir(), 'provisor-commands-'))));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
    env: { PATH: process.env['PATH'], PROVISOR_DATA_DIR: dataDir, PROVISOR_ADMIN_TOKEN: ADMIN, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function provisor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = start(args, env);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('wrong usage ends with 2', () => {
  it.each([
    [['nonsense']],
    [['jobs', 'run']],
    [['jobs', 'run', 'x', '--type', 'full']],
    [['jobs', 'list', '--nonsense']],
    [['logs', '--limit', 'many']],
    [['logs', '--limit', '0']],
    [['logs', '--action', 'Create']],
    [['logs', '--status', 'bad']],
    [['jobs', 'restart', 'x', '--scope', 'Watermark,Bogus']],
    [['mock-entra', '--port', '70000']],
    [['mock-entra', '--faults', '[']],
    [['simulate', 'nothing']],
    [['jobs', 'list', '--url', 'nonsense']],
  ])('%j', async (args) => {
    const said: string[] = [];
    const program = buildProgram('1.2.3', () => said.push('it ran'));
    for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])])
      command.configureOutput({ writeErr: (text) => void said.push(text) });
    const error: unknown = await program.parseAsync(args, { from: 'user' }).catch((caught: unknown) => caught);
    const ending = endingOf(error);
    expect(ending.exitCode).toBe(2);
    expect([...said, ending.say ?? ''].join('')).toMatch(/^(error: |--url )/);
  });

  it('as a process: one sentence, no stack', async () => {
    const { code, out, err } = await provisor(['jobs', 'run', 'x', '--type', 'full']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain("'full' is invalid");
    expect(err).not.toContain('    at ');
  });

  it('and so does a setting that cannot be read', async () => {
    const { code, err } = await provisor(['jobs', 'list'], { PORT: 'eighty' });
    expect(code).toBe(2);
    expect(err).toMatch(/^PORT: /);
  });
});

describe('help', () => {
  it('ends with 0 and tells every command and every setting', async () => {
    const { code, out } = await provisor(['--help']);
    expect(code).toBe(0);
    for (const word of [
      'start',
      'api',
      'scheduler',
      'worker',
      'migrate',
      'jobs',
      'expression',
      'logs',
      'mock-entra',
      'simulate',
      'PROVISOR_CYCLE_INTERVAL',
      'REDIS_URL',
    ])
      expect(out).toContain(word);
  });
});

describe('without an engine', () => {
  it('says in one sentence what to do, and ends with 1', async () => {
    const { code, out, err } = await provisor(['jobs', 'list'], { PORT: '1' });
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      "Provisor does not answer at http://127.0.0.1:1 (ECONNREFUSED). Start it with 'npm start', or name a running one with --url.\n",
    );
  });

  it('says where a token would be, when there was never a start', async () => {
    const { code, err } = await provisor(['jobs', 'list'], { PROVISOR_ADMIN_TOKEN: '' });
    expect(code).toBe(1);
    expect(err).toContain('admin-token');
  });
});

describe('with a running engine', () => {
  let control: Control;
  let listening: Listening;
  let jobId: string;
  const run = (...args: string[]) => provisor([...args, '--url', listening.url]);
  /** The worker of this engine: every cycle ends at once in the given way. */
  const endCycles = (end: Partial<Cycle>): void => {
    const { cycles } = control.world;
    control.world.deps.cycles.get = (id) => {
      const opened = cycles.find((cycle) => cycle.id === id);
      return Promise.resolve(
        opened === undefined ? null : cycleOf(jobId, { ...opened, startedAt: new Date(), endedAt: new Date(), ...end }),
      );
    };
  };

  beforeEach(async () => {
    control = await openControl();
    listening = await listen(control.app, { host: '127.0.0.1', port: 0, tlsPort: 0 });
    const created = await run(
      'jobs',
      'create',
      '--service-principal',
      SP.id,
      '--base-address',
      'https://app.example/scim',
      '--json',
    );
    jobId = (JSON.parse(created.out) as { id: string }).id;
  });
  afterEach(() => listening.close());

  it('jobs are created, listed, shown, started, paused, restarted and deleted', async () => {
    expect(control.world.secrets.get(SP.id)).toEqual({ BaseAddress: 'https://app.example/scim' });
    const list = await run('jobs', 'list');
    expect(list.out).toMatch(/^APPLICATION +STATUS .*JOB\nContoso Intranet +Paused /);
    expect((await run('jobs', 'show', 'contoso')).out).toContain(jobId);
    expect((JSON.parse((await run('jobs', 'show', jobId, '--json')).out) as { id: string }).id).toBe(jobId);
    expect((await run('jobs', 'start', 'Contoso Intranet')).code).toBe(0);
    expect(control.world.jobs.get(jobId)?.scheduleState).toBe('Active');
    expect((await run('jobs', 'pause', jobId)).code).toBe(0);
    expect((await run('jobs', 'restart', jobId, '--scope', 'Full')).code).toBe(0);
    expect(control.world.forgotten).toEqual(['escrows', 'links']);
    expect((await run('jobs', 'delete', jobId)).code).toBe(0);
    expect(control.world.jobs.size).toBe(0);
  });

  it('keeps credentials that are saved already when a second job is created', async () => {
    control.world.secrets.set(SP.id, { BaseAddress: 'https://app.example/scim', SecretToken: 'hush' });
    await run('jobs', 'create', '--service-principal', SP.id, '--base-address', 'https://other.example/scim');
    expect(control.world.secrets.get(SP.id)).toEqual({
      BaseAddress: 'https://other.example/scim',
      SecretToken: 'hush',
    });
  });

  it('saves no credentials for a job whose template does not exist', async () => {
    const given = ['--service-principal', SP.id, '--base-address', 'https://other.example/scim'];
    const refused = await run('jobs', 'create', ...given, '--template', 'nope');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("Template 'nope' does not exist.");
    expect(control.world.secrets.get(SP.id)).toEqual({ BaseAddress: 'https://app.example/scim' });
  });

  it('a refusal is the sentence of the engine, and 1', async () => {
    const refused = await run('jobs', 'create', '--service-principal', 'nobody');
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain("Service principal 'nobody' does not exist.");
    expect((await run('jobs', 'show', 'nope')).err).toContain("There is no job 'nope'");
  });

  it('jobs run --wait ends with the table of counts and stays quiet in a pipe; 1 when the cycle failed', async () => {
    endCycles({ state: 'succeeded', counts: { ...noCounts, created: 1234, targetWrites: 1234 } });
    const done = await run('jobs', 'run', jobId, '--wait');
    expect([done.code, done.err]).toEqual([0, '']);
    expect(done.out).toMatch(/^APPLICATION +RESULT +CREATED .*\nContoso Intranet +succeeded +1,234 /);
    control.world.cycles.length = 0;
    endCycles({ state: 'failed', error: { code: 'CredentialsMissing', message: 'No tenant URL is saved.' } });
    const failed = await run('jobs', 'run', jobId, '--type', 'initial', '--dry-run', '--wait', '--json');
    expect(failed.code).toBe(1);
    expect(failed.err).toContain('No tenant URL is saved.');
    expect(JSON.parse(failed.out)).toMatchObject({ type: 'initial', dryRun: true, state: 'failed' });
  });

  it('without --wait it names the cycle; a second one is refused', async () => {
    expect((await run('jobs', 'run', jobId)).out).toContain(control.world.cycles[0]?.id);
    const second = await run('jobs', 'run', jobId);
    expect(second.code).toBe(1);
    expect(second.err).toContain('one cycle at a time');
  });

  it('logs shows what was done to whom and why, narrowed as asked, however many pages it takes', async () => {
    for (let n = 0; n < 1100; n += 1) control.world.log.push(logEntryOf(n, { jobId }));
    control.world.log.push(
      logEntryOf(2000, {
        jobId,
        status: 'failure',
        error: {
          errorCode: 'Conflict',
          reason: 'Taken.',
          errorCategory: 'nonServiceFailure',
          additionalDetails: null,
          recommendedAction: null,
        },
      }),
    );
    const failures = await run('logs', '--job', jobId, '--status', 'failure');
    expect(failures.out.split('\n')).toHaveLength(3);
    expect(failures.out).toMatch(/failure +create +User 2000 +- +Conflict: Taken\.\n$/);
    const all = JSON.parse((await run('logs', '--limit', '1050', '--json')).out) as { value: unknown[] };
    expect(all.value).toHaveLength(1050);
  });

  it('is found without --url where the running one noted its address', async () => {
    await writeFile(
      join(dataDir, 'engine.json'),
      JSON.stringify({ url: listening.url, tlsUrl: null, pid: process.pid }),
    );
    const found = await provisor(['jobs', 'list']);
    await rm(join(dataDir, 'engine.json'));
    expect(found.out).toContain(jobId);
  });
});

describe('simulate generic', () => {
  it('says where it listens and how to use it, and stops cleanly on Ctrl-C', async () => {
    const child = start(['simulate', 'generic', '--port', '0', '--token', 'a-token']);
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    const url = /http:\/\/\S+\/scim/.exec(first.toString())?.[0] ?? '';
    expect(first.toString()).toContain('a-token');
    const answer = await fetch(`${url}/Users?count=1`, { headers: { authorization: 'Bearer a-token' } });
    expect(answer.status).toBe(200);
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
  });
});

describe('simulate dialpad', () => {
  it('says as JSON where it listens, and refuses faults that it does not know', async () => {
    const child = start(['simulate', 'dialpad', '--port', '0', '--json', '--faults', '{"maxPage":7}']);
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    const { application, tenantUrl, token } = JSON.parse(first.toString()) as Record<string, string>;
    expect([application, token]).toEqual(['dialpad', 'simulator']);
    const faults = await fetch(new URL('/simulator/faults', tenantUrl));
    expect(await faults.json()).toMatchObject({ maxPage: 7, requestsPerSecond: 0 });
    child.kill('SIGINT');
    await once(child, 'close');
    const refused = await provisor(['simulate', 'dialpad', '--faults', '{"nonsense":1}']);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('nonsense')]);
  });
});
