// Every command, found by walking the tree: help, wrong options, and names that nobody knows.
import { execFileSync, spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { candidates, completionScript, shells } from '../../src/cli/completion.ts';
import { fitWidths } from '../../src/cli/fit.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { renderTable } from '../../src/cli/table.ts';
import { listen } from '../../src/control/listen.ts';
import type { Listening } from '../../src/control/listen.ts';
import { command } from '../support/command.ts';
import { ADMIN, openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';
import { SP } from '../support/fake-deps.ts';

const program = buildProgram('1.2.3', () => undefined);
const leaves = (of: Command, path: readonly string[]): readonly { path: readonly string[]; of: Command }[] =>
  of.commands.length === 0 ? [{ path, of }] : of.commands.flatMap((each) => leaves(each, [...path, each.name()]));
const all = leaves(program, []);
const named = all.map(({ path, of }) => [path.join(' '), path, of] as const);

let control: Control;
let listening: Listening;
beforeAll(async () => {
  vi.stubEnv('PROVISOR_ADMIN_TOKEN', ADMIN);
  control = await openControl();
  listening = await listen(control.app, { host: '127.0.0.1', port: 0, tlsPort: 0 });
  await control.post(`/v1.0/servicePrincipals/${SP.id}/synchronization/jobs`, { templateId: 'scim' });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await listening.close();
});

describe('every command', () => {
  it('is found', () => expect(all.length).toBeGreaterThan(25));

  it.each(named)('%s --help ends with 0, says what it does and lists its options', async (_name, path, of) => {
    const { code, out } = await command(...path, '--help');
    expect([code, of.description() === '']).toEqual([0, false]);
    expect(out).toContain(`Usage: provisor ${path.join(' ')}`);
    for (const { long, description } of of.options)
      expect([long, out.includes(long ?? ''), description]).toEqual([long, true, expect.stringMatching(/./) as string]);
  });

  it.each(named.filter(([name]) => name !== 'complete'))(
    '%s --no-such-option ends with 2 and points to help',
    async (_name, path) => {
      const { code, err } = await command(...path, '--no-such-option');
      expect(code).toBe(2);
      expect(err).toContain('--help');
    },
  );

  const ofJob = all.filter(
    ({ of }) =>
      of.options.some(({ long, mandatory }) => long === '--job' && mandatory) ||
      of.registeredArguments.some((argument) => argument.name() === 'job'),
  );
  it.each(ofJob.map(({ path, of }) => [path.join(' '), path, of] as const))(
    '%s says which job is meant when the name is unknown',
    async (_name, path, of) => {
      const needed = of.options
        .filter(({ mandatory, long }) => mandatory && long !== '--job')
        .flatMap(({ long }) => [long ?? '', long === '--until' ? '2099-01-01T00:00:00Z' : 'x']);
      const all = of.options.some(({ long }) => long === '--all') ? ['--all'] : [];
      const words = of.registeredArguments
        .filter(({ required }) => required)
        .map((a) => (a.name() === 'job' ? 'Contoso Intranat' : a.name() === 'version' ? '1' : 'package.json'));
      const job = of.options.some(({ long }) => long === '--job') ? ['--job', 'Contoso Intranat'] : [];
      const { code, err } = await command(...path, ...words, ...job, ...needed, ...all, '--url', listening.url);
      expect([code, err]).toEqual([
        1,
        expect.stringContaining(`There is no job 'Contoso Intranat'. Did you mean '${SP.displayName}'?`) as string,
      ]);
    },
  );
});

describe('completion', () => {
  it.each<[string, readonly string[], unknown]>([
    ['commands', ['jo'], ['jobs']],
    ['commands below', ['jobs', 'st'], ['start']],
    ['options', ['logs', '--st'], ['--status']],
    ['values of options', ['logs', '--action', 'cr'], expect.arrayContaining(['create'])],
    ['jobs as argument', ['jobs', 'show', 'Con'], 'jobs'],
    ['jobs as option', ['logs', '--job', ''], 'jobs'],
    ['arguments with choices', ['completion', 'z'], ['zsh']],
    ['nothing after the arguments', ['jobs', 'show', 'x', 'y'], []],
  ])('knows %s', (_what, words, found) => expect(candidates(program, words)).toEqual(found));

  it.each(shells)('makes a script that %s reads, where it is installed', (shell) => {
    const script = completionScript(shell, 'provisor');
    expect(script).toContain('provisor complete --');
    if (spawnSync(shell, ['-c', 'true']).status === 0) execFileSync(shell, ['-n'], { input: script });
  });

  it('names jobs of a running engine', async () => {
    vi.stubEnv('PORT', new URL(listening.url).port);
    const { out } = await command('complete', '--', 'jobs', 'show', '');
    expect(out.trim().split('\n')).toEqual([SP.displayName]);
    vi.stubEnv('PORT', '1');
    expect(await command('complete', '--', 'jobs', 'show', 'con')).toMatchObject({ code: 0, out: '', err: '' });
  });
});

describe('tables', () => {
  it('are cut to the width of a terminal, the widest column first', () => {
    const text = renderTable(['NAME', 'WHAT', 'N'], [['a'.repeat(30), 'b'.repeat(100), 12]], 80);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain('…');
    expect(text).toContain('12');
    expect(text).toContain('a'.repeat(30));
  });

  it('are never cut in a pipe', () => {
    expect(renderTable(['WHAT'], [['b'.repeat(300)]], null)).toContain('b'.repeat(300));
    expect(fitWidths([300], [4], null)).toEqual([300]);
  });
});
