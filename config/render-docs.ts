// The settings table as a page and as .env.example: written from the table, compared by a test.
import { settingsTable } from './settings.ts';

const rows = Object.entries(settingsTable);

export const settingsPage = (): string =>
  [
    '# Settings',
    '',
    'All are environment variables, and all are optional. This page is written from `config/settings.ts`.',
    '',
    '| Name | Default | Meaning |',
    '| --- | --- | --- |',
    ...rows.map(
      ([name, setting]) =>
        `| \`${name}\` | ${setting.default} | ${setting.description}${'secret' in setting ? ' *Secret: never logged.*' : ''} |`,
    ),
    '',
  ].join('\n');

export const envExample = (): string =>
  [
    '# Provisor: every setting, with its default. Written from config/settings.ts.',
    ...rows.flatMap(([name, setting]) => ['', `# ${setting.description} Default: ${setting.default}.`, `# ${name}=`]),
    '',
  ].join('\n');
