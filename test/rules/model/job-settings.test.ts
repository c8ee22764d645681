import { describe, expect, it } from 'vitest';
import { jobSetting, jobSettingProblem, jobSettingsTable } from '../../../src/rules/model/job-settings.ts';
import type { JobSettingName } from '../../../src/rules/model/job-settings.ts';

describe('a setting of a job', () => {
  it('has its default until it is given', () => {
    expect(jobSetting({}, 'QuarantineTooManyDeletesThreshold')).toBe(500);
    expect(jobSetting({}, 'InvalidAnchorAction')).toBe('Escrow');
    expect(jobSetting({}, 'ScimDialect')).toBeNull();
    expect(jobSetting({}, 'NestedGroups')).toBe(false);
  });

  it('is read by its type, whatever its case and the blanks around it', () => {
    expect(jobSetting({ NestedGroups: ' TRUE ' }, 'NestedGroups')).toBe(true);
    expect(jobSetting({ InvalidAnchorMost: '10' }, 'InvalidAnchorMost')).toBe(10);
    expect(jobSetting({ ScimDialect: 'Entra' }, 'ScimDialect')).toBe('entra');
  });

  it('switches a limit off by its word alone', () => {
    expect(jobSetting({ InvalidAnchorMost: 'Off' }, 'InvalidAnchorMost')).toBeNull();
    expect(jobSetting({ InvalidAnchorMost: '0' }, 'InvalidAnchorMost')).toBe(0);
  });

  it('has its default where something unreadable was stored', () => {
    expect(jobSetting({ QuarantineTooManyDeletesThreshold: 'many' }, 'QuarantineTooManyDeletesThreshold')).toBe(500);
    expect(jobSetting({ InvalidAnchorAction: 'maybe' }, 'InvalidAnchorAction')).toBe('Escrow');
  });

  it.each([
    ['NestedGroups', 'yes', "'True' or 'False'"],
    ['QuarantineTooManyDeletesThreshold', '-1', "a whole number of at most nine digits, or 'off' for no limit"],
    ['ScimDialect', 'azure', "'rfc' or 'entra' or 'entra-062020'"],
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
