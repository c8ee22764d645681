import { describe, expect, it } from 'vitest';
import { jobSetting, jobSettingProblem, jobSettingsTable } from '../../../src/rules/model/job-settings.ts';
import type { JobSettingName } from '../../../src/rules/model/job-settings.ts';

const HOUR = 3_600_000;

describe('a setting of a job', () => {
  it('has its default until it is given', () => {
    expect(jobSetting({}, 'QuarantineTooManyDeletesThreshold')).toBe(500);
    expect(jobSetting({}, 'EscrowRetrySchedule')).toEqual([6 * HOUR, 12 * HOUR, 24 * HOUR]);
    expect(jobSetting({}, 'QuarantineReminder')).toEqual([]);
    expect(jobSetting({}, 'NestedGroups')).toBe(false);
  });

  it('is read by its type, whatever its case and the blanks around it', () => {
    expect(jobSetting({ NestedGroups: ' TRUE ' }, 'NestedGroups')).toBe(true);
    expect(jobSetting({ QuarantineEscrowFloor: '10' }, 'QuarantineEscrowFloor')).toBe(10);
    expect(jobSetting({ EscrowRetrySchedule: 'PT1M, P1DT2H3M4S' }, 'EscrowRetrySchedule')).toEqual([
      60_000,
      86_400_000 + 2 * HOUR + 184_000,
    ]);
  });

  it('switches a limit off by its word alone', () => {
    expect(jobSetting({ QuarantineTooManyDeletesShare: 'Off' }, 'QuarantineTooManyDeletesShare')).toBeNull();
    expect(jobSetting({ QuarantineTooManyDeletesShare: '0' }, 'QuarantineTooManyDeletesShare')).toBe(0);
  });

  it('has its default where something unreadable was stored', () => {
    expect(jobSetting({ QuarantineTooManyDeletesThreshold: 'many' }, 'QuarantineTooManyDeletesThreshold')).toBe(500);
    expect(jobSetting({ EscrowGiveUpAfter: '28 days' }, 'EscrowGiveUpAfter')).toEqual([28 * 24 * HOUR]);
  });

  it.each([
    ['NestedGroups', 'yes', "'True' or 'False'"],
    ['QuarantineTooManyDeletesThreshold', '-1', "a whole number of at most nine digits, or 'off' for no limit"],
    ['QuarantineTooManyDeletesShare', '101', "a whole number from 0 to 100, or 'off' for no limit"],
    ['EscrowRetrySchedule', 'PT', "ISO 8601 durations separated by commas, such as 'PT6H,P1D'"],
    ['ScimDialect', 'azure', "'rfc' or 'entra' or 'entra-062020'"],
    ['EscrowRetrySchedule', '6h', "ISO 8601 durations separated by commas, such as 'PT6H,P1D'"],
  ])('refuses %s = %s', (name, text, wanted) => expect(jobSettingProblem(name, text)).toBe(wanted));

  it('leaves names alone that it does not know', () => expect(jobSettingProblem('Anything', 'goes')).toBeNull());

  it('accepts every default', () => {
    for (const [name, setting] of Object.entries(jobSettingsTable)) {
      if (setting.default === null) continue;
      const text = String(setting.default);
      expect(jobSettingProblem(name, text)).toBeNull();
      expect(jobSetting({ [name]: text }, name as JobSettingName)).toEqual(jobSetting({}, name as JobSettingName));
    }
  });
});
