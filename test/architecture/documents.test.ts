// Documents say what the code says. `npm test -- -u` writes the generated ones again.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { envExample, jobSettingsPage, settingsPage } from '../../config/render-docs.ts';
import { objectErrors, systemErrors } from '../../src/rules/model/errors.ts';
import { expressionsPage } from './expressions-page.ts';
import { metricsPage } from './metrics-page.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (...parts: string[]): string => readFileSync(join(root, ...parts), 'utf8');
const testFiles = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.test.ts'),
);
const titles = testFiles.flatMap((file) =>
  [...read('test', file).matchAll(/\bit(?:\.each\([^)]*\))?\(\s*(['"`])((?:(?!\1).|\\.)*)\1/g)].map(([, , title]) => ({
    file,
    title: title ?? '',
  })),
);

const errorsPage = (): string =>
  [
    '# Error codes',
    '',
    'Written from `src/rules/model/errors.ts`. Codes keep the names that Entra uses, where it has one.',
    '',
    '## Of one object',
    '',
    'The object is put in escrow and everything else goes on. *Retry*: `schedule` = 6, 12 and 24 hours after the first failure,',
    'then daily, for 28 days (`EscrowRetrySchedule`, `EscrowGiveUpAfter`); `next-cycle` = in the next cycle, then as `schedule`;',
    '`soon` = in the next two cycles, then as `schedule`; `each-cycle` = in each cycle; `source-change` = as soon as the object',
    'changes in the directory, which also brings back what has any other policy.',
    '',
    '| Code | Retry | What to do |',
    '| --- | --- | --- |',
    ...Object.entries(objectErrors).map(([code, { retry, remedy }]) => `| \`${code}\` | ${retry} | ${remedy} |`),
    '',
    '## Of a system',
    '',
    'The cycle ends at its last checkpoint, nothing is deprovisioned, and the job goes into quarantine.',
    '',
    '| Code | What to do |',
    '| --- | --- |',
    ...Object.entries(systemErrors).map(([code, remedy]) => `| \`${code}\` | ${remedy} |`),
    '',
  ].join('\n');

describe('documents', () => {
  it('lists every setting in docs/settings.md', () =>
    expect(settingsPage()).toMatchFileSnapshot('../../docs/settings.md'));
  it('lists every setting of a job in docs/job-settings.md', () =>
    expect(jobSettingsPage()).toMatchFileSnapshot('../../docs/job-settings.md'));
  it('lists every setting in .env.example', () => expect(envExample()).toMatchFileSnapshot('../../.env.example'));
  it('lists every error code in docs/errors.md', () =>
    expect(errorsPage()).toMatchFileSnapshot('../../docs/errors.md'));

  it('lists every metric in docs/metrics.md', () => expect(metricsPage()).toMatchFileSnapshot('../../docs/metrics.md'));

  it('describes the expression language in docs/expressions.md', () =>
    expect(expressionsPage()).toMatchFileSnapshot('../../docs/expressions.md'));

  it('names every invariant of docs/SPEC.md in the title of a test, and no other', () => {
    const specified = [...read('docs', 'SPEC.md').matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => Number(number));
    const named = new Set(
      titles.flatMap(({ title }) => [...title.matchAll(/invariants? (\d+)/g)].map(([, number]) => Number(number))),
    );
    expect(specified.length).toBeGreaterThan(10);
    expect([...named].sort((a, b) => a - b)).toEqual(specified);
  });

  it('shows the two commands and every command of the tour in the README', () => {
    for (const command of ['npm start', 'npm test', 'npm start -- --once'])
      expect(read('README.md')).toContain(command);
  });

  it('leads every link of README and ARCHITECTURE to a file that exists', () => {
    for (const page of ['README.md', 'ARCHITECTURE.md'])
      for (const [, target] of read(page).matchAll(/\]\(([^)#:]+)\)/g)) expect(() => read(target ?? '')).not.toThrow();
  });
});

describe('tests', () => {
  it('have titles of their own', () => {
    const seen = new Map<string, string>();
    const twice = titles.filter(({ title, file }) => {
      const before = seen.get(`${file} ${title}`);
      seen.set(`${file} ${title}`, file);
      return before !== undefined;
    });
    expect(twice).toEqual([]);
  });
});
