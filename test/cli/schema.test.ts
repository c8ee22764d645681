// The schema commands against a control plane that listens on a port.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../../src/control/listen.ts';
import type { Listening } from '../../src/control/listen.ts';
import { ADMIN, openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';
import { command } from '../support/command.ts';
import { SP } from '../support/fake-deps.ts';

let folder: string;
let control: Control;
let listening: Listening;
let jobId: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'provisor-schema-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  vi.stubEnv('PROVISOR_ADMIN_TOKEN', ADMIN);
  vi.stubEnv('PROVISOR_DATA_DIR', folder);
  control = await openControl();
  listening = await listen(control.app, { host: '127.0.0.1', port: 0, tlsPort: 0 });
  const root = `/v1.0/servicePrincipals/${SP.id}/synchronization`;
  jobId = (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>().id;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await listening.close();
});

const schema = (...args: readonly string[]) => command('schema', ...args, '--url', listening.url);
const ofJob = (...args: readonly string[]) => schema(...args, '--job', jobId);
const file = (name: string) => join(folder, name);

interface Document {
  synchronizationRules: {
    objectMappings: { attributeMappings: { targetAttributeName: string; source: unknown }[] }[];
  }[];
}
/** The schema in force with another expression for displayName, in a file. */
async function changedFile(expression: string): Promise<string> {
  const document = JSON.parse((await ofJob('get')).out) as Document;
  const mappings = document.synchronizationRules[0]?.objectMappings[0]?.attributeMappings ?? [];
  const displayName = mappings.find(({ targetAttributeName }) => targetAttributeName === 'displayName');
  if (displayName !== undefined) displayName.source = { type: 'Function', name: 'ToUpper', expression };
  await writeFile(file('changed.json'), JSON.stringify(document));
  return file('changed.json');
}
const savedVersions = () => control.world.schemas.get(jobId)?.length;

describe('schema get and put', () => {
  it('give a document that is taken unchanged', async () => {
    expect(await ofJob('get', '--out', file('got.json'))).toEqual({ code: 0, out: '', err: '' });
    const text = await readFile(file('got.json'), 'utf8');
    expect(text).toBe((await ofJob('get')).out);
    expect(text).not.toContain('@odata.context');
    const same = await ofJob('put', file('got.json'));
    expect([same.code, same.out]).toEqual([0, 'Nothing differs; nothing was saved.\n']);
    expect(savedVersions()).toBe(1);
  });

  it('show what changes before it is saved, and do not save without an answer', async () => {
    const changed = await changedFile('ToUpper([displayName])');
    const unanswered = await ofJob('put', changed);
    expect([unanswered.code, savedVersions()]).toEqual([2, 1]);
    expect(unanswered.out).toMatch(/changed +User › displayName › source +\[displayName\] +ToUpper\(\[displayName\]\)/);
    expect(unanswered.err).toContain('--yes');
    const saved = await ofJob('put', changed, '--yes');
    expect([saved.code, savedVersions()]).toEqual([0, 2]);
    expect(saved.out).toContain('The schema is saved.');
    const json = JSON.parse((await ofJob('put', changed, '--yes', '--json')).out) as { saved: boolean };
    expect(json.saved).toBe(false);
  });

  it('show every finding with its place and remedy, and save nothing', async () => {
    const refused = await ofJob('put', await changedFile('ToUpper([displayNam])'), '--yes');
    expect([refused.code, savedVersions()]).toEqual([1, 1]);
    expect(refused.out).toMatch(/1 +error +USERGROUP_OUTBOUND_USERGROUP +Provision .* › displayName +9 +/);
    const lines = refused.out.split('\n');
    const caret = lines.findIndex((line) => /^ +\^$/.test(line));
    expect(lines[caret - 1]?.slice(lines[caret]?.indexOf('^'))).toBe('[displayNam])');
    expect(lines[caret + 1]).toMatch(/^ +→ .*displayName/);
    expect(refused.err).toContain('The schema is refused: 1 error.');
  });
});

describe('schema get --entra', () => {
  it('gives what Entra takes, and names what goes beyond it', async () => {
    const plain = await ofJob('get', '--entra');
    expect([plain.code, plain.out]).toEqual([0, (await ofJob('get')).out]);
    const document = JSON.parse(plain.out) as { synchronizationRules: { objectMappings: { scope: unknown }[] }[] };
    const users = document.synchronizationRules[0]?.objectMappings[0];
    const clause = {
      sourceOperandName: 'createdDateTime',
      operatorName: 'AFTER',
      targetOperand: { values: ['2026-01-01'] },
    };
    if (users !== undefined) users.scope = { groups: [{ name: 'new ones', clauses: [clause] }] };
    await writeFile(file('beyond.json'), JSON.stringify(document));
    expect((await ofJob('put', file('beyond.json'), '--yes')).code).toBe(0);
    const refused = await ofJob('get', '--entra', '--out', file('never.json'));
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('scope.groups[0].clauses[0]')]);
    await expect(readFile(file('never.json'))).rejects.toThrow('ENOENT');
  });
});

describe('schema validate', () => {
  it('checks a file without an engine', async () => {
    const right = await changedFile('ToUpper([displayName])');
    expect(await command('schema', 'validate', right)).toMatchObject({ code: 0, err: '' });
    const wrong = await command('schema', 'validate', await changedFile('ToUper([displayName])'));
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('ToUper([displayName])');
    const json = await command('schema', 'validate', file('changed.json'), '--json');
    expect([json.code, (JSON.parse(json.out) as { findings: unknown[] }).findings.length > 0]).toEqual([1, true]);
  });

  it('checks it as the job would take it', async () => {
    const path = await changedFile('ToUpper([displayName])');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replaceAll('03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8', 'another'));
    expect((await command('schema', 'validate', path)).code).toBe(0);
    const refused = await ofJob('validate', path);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('another');
  });

  it.each([
    ['a file that is not there', 'nothing.json', null, 2],
    ['a file that is no JSON', 'broken.json', '{"synchronizationRules":', 1],
    ['a document that is none', 'list.json', '[]', 1],
  ])('refuses %s', async (_what, name, content, code) => {
    if (content !== null) await writeFile(file(name), content);
    const refused = await command('schema', 'validate', file(name));
    expect([refused.code, refused.err]).toEqual([code, expect.stringMatching(/\w{3,}.*\.\n$/)]);
  });
});

describe('schema history, diff and rollback', () => {
  it('tell what changed when, and go back', async () => {
    await ofJob('put', await changedFile('ToUpper([displayName])'), '--yes');
    const history = await ofJob('history');
    expect(history.out).toMatch(/^VERSION +SAVED +BY +STATE\n +2 +\S+ +admin token +in force\n +1 .*template/);
    const change = /changed +User › displayName › source +\[displayName\] +ToUpper\(\[displayName\]\)/;
    expect((await ofJob('diff')).out).toMatch(change);
    expect((await ofJob('diff', '--from', '1', '--to', '2')).out).toMatch(change);
    expect((await ofJob('diff', await changedFile('ToUpper([displayName])'))).out).toBe('Nothing differs.\n');
    expect((await ofJob('diff', await changedFile('ToUpper([surname])'))).out).toContain('ToUpper([surname])');
    const back = await ofJob('rollback', '1', '--yes');
    expect(back.out).toMatch(/changed +User › displayName › source +ToUpper\(\[displayName\]\) +\[displayName\]/);
    expect((await ofJob('get')).out).not.toContain('ToUpper([displayName])');
    expect(savedVersions()).toBe(3);
    expect((await ofJob('rollback', '3', '--yes')).out).toContain('nothing was saved');
    expect(savedVersions()).toBe(3);
  });

  it('refuse a version that there is not', async () => {
    const refused = await ofJob('rollback', '7', '--yes');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("Schema version '7' does not exist")]);
    const wrong = await ofJob('rollback', 'last');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("'last' is invalid")]);
    expect((await ofJob('diff', file('changed.json'), '--from', '1')).code).toBe(2);
  });
});
