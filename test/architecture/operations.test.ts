// docs/operations.md has a procedure for everything that can go wrong, and speaks of nothing that is not there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { settingsTable } from '../../config/settings.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { objectErrors, systemErrors } from '../../src/rules/model/errors.ts';
import { quarantineReasons } from '../../src/rules/model/job.ts';
import { jobSettingsTable } from '../../src/rules/model/job-settings.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const page = readFileSync(join(docs, 'operations.md'), 'utf8');

/** Names in the headings of a section, as often as they stand there. */
const namedIn = (section: string): readonly string[] => {
  const [, text = ''] = page.split(`\n## ${section}\n`);
  const headings = (text.split(/\n## /)[0] ?? '').match(/^### .*$/gm) ?? [];
  return headings.flatMap((heading) => [...heading.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''));
};

it.each([
  ['When a job is in quarantine', [...quarantineReasons]],
  ['When a system is lost', Object.keys(systemErrors)],
  ['When objects fail', Object.keys(objectErrors)],
])('names in "%s" everything that the code knows, once, and nothing else', (section, known) => {
  expect(namedIn(section).toSorted()).toEqual(known.toSorted());
});

it('names commands and options that exist', () => {
  const used = [...page.matchAll(/(?:^|`)provisor ([^`#\n]+)/gm)].map(([, line = '']) => line.trim().split(/\s+/));
  expect(used.length).toBeGreaterThan(20);
  for (const words of used) {
    let command: Command = buildProgram('1.2.3', () => undefined);
    for (const word of words) {
      if (command.commands.length === 0) break;
      const found = command.commands.find((each) => each.name() === word);
      if (found === undefined) throw new Error(`docs/operations.md: there is no provisor ${words.join(' ')}`);
      command = found;
    }
    const offered = [...command.options.map(({ long }) => long), '--help'];
    for (const option of words.filter((word) => word.startsWith('--')))
      expect(offered, words.join(' ')).toContain(option);
  }
});

it('names settings that exist', () => {
  const named = [...page.matchAll(/`([A-Z][A-Z_]{5,})[`=]/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(10);
  for (const name of named) expect(Object.keys(settingsTable)).toContain(name);
  for (const [, name] of page.matchAll(/`(InvalidAnchor\w+|Quarantine\w+)` (?:to|in)/g))
    expect([...Object.keys(jobSettingsTable), ...quarantineReasons]).toContain(name);
});

it('leads to files and headings that exist', () => {
  const anchors = [...page.matchAll(/^##+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const [, target = ''] of page.matchAll(/\]\(([^)]+)\)/g)) {
    if (target.startsWith('#')) expect(anchors).toContain(target.slice(1));
    else if (!target.startsWith('https:')) expect(existsSync(join(docs, target)), target).toBe(true);
  }
});
