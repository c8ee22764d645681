// Graph's synchronizationJobSettings: names with a known type are checked when they are saved, others are kept as they are.
import { ConfigError } from '../../rules/model/errors.ts';
import { jobSetting, jobSettingProblem } from '../../rules/model/job-settings.ts';
import type { Settings } from '../../rules/model/job-settings.ts';
import { NESTED_GROUPS, groupNesting } from '../../rules/scoping/nested-groups.ts';

/** `null` removes a setting; but that nested groups were followed once must be known to take back what was written of them. */
export function mergeSettings(stored: Settings, given: Readonly<Record<string, string | null>>): Settings {
  const merged = Object.entries({ ...stored, ...given }).map(
    ([name, value]) => [name, value ?? (name === NESTED_GROUPS && name in stored ? 'False' : null)] as const,
  );
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** Does the change alter the verdict on objects that did not change themselves? */
export const changesScope = (before: Settings, after: Settings): boolean =>
  (groupNesting({ settings: before }) === 'followed') !== (groupNesting({ settings: after }) === 'followed') ||
  deciding.some((name) => jobSetting(before, name) !== jobSetting(after, name));
const deciding = ['AllowDefaultEntitlement', 'DeprovisionUsers', 'DeprovisionGroups'] as const;

/** Throws ConfigError that names the setting. */
export function checkJobSettings(settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) {
    const wanted = jobSettingProblem(name, value);
    if (wanted === null) continue;
    throw new ConfigError(
      'InvalidJobSetting',
      `Setting ${name} is '${value}': it must be ${wanted}.`,
      `synchronizationJobSettings/${name}`,
    );
  }
}
