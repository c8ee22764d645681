// The settings table as a page and as .env.example: written from the table, compared by a test.
import { jobSettingsTable } from '../src/rules/model/job-settings.ts';
import type { JobSetting } from '../src/rules/model/job-settings.ts';
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

export const jobSettingsPage = (): string =>
  [
    '# Settings of a job',
    '',
    "They are Graph's `synchronizationJobSettings`: pairs of name and text, changed with `PATCH …/synchronization/jobs/{id}`. This",
    'page is written from `src/rules/model/job-settings.ts`. A number that is `off` is no limit.',
    '',
    '| Name | Default | Values | Meaning |',
    '| --- | --- | --- | --- |',
    ...Object.entries<JobSetting>(jobSettingsTable).map(
      ([name, setting]) => `| \`${name}\` | ${defaultText(setting)} | ${valuesText(setting)} | ${setting.meaning} |`,
    ),
    '',
  ].join('\n');

const defaultText = (setting: JobSetting): string => {
  if (setting.kind === 'boolean') return setting.default ? '`True`' : '`False`';
  return setting.default === null ? 'none' : `\`${String(setting.default)}\``;
};

function valuesText(setting: JobSetting): string {
  switch (setting.kind) {
    case 'boolean':
      return '`True`, `False`';
    case 'number':
      return 'number, or `off`';
    case 'duration':
      return 'ISO-8601 duration, or `off`';
    case 'durations':
      return 'ISO-8601 durations, separated by commas';
    case 'choice':
      return setting.options.map((option) => `\`${option}\``).join(', ');
  }
}
