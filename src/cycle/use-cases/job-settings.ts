// Graph's synchronizationJobSettings: names with a known type are checked when they are saved, others are kept as they are.
import { ConfigError } from '../../rules/model/errors.ts';
import { NESTED_GROUPS, groupNesting } from '../../rules/scoping/nested-groups.ts';
import { dialectNames } from '../../rules/model/target.ts';
import { DIALECT_SETTING, dialectNamed } from '../../rules/scim/dialects.ts';

type Settings = Readonly<Record<string, string>>;

const booleans: ReadonlySet<string> = new Set([
  'AllowDefaultEntitlement',
  'AzureIngestionAttributeOptimization',
  'LookaheadQueryEnabled',
  NESTED_GROUPS,
  'QuarantineTooManyDeletes',
]);
const counts: ReadonlySet<string> = new Set(['QuarantineTooManyDeletesThreshold']);

/** `null` removes a setting; but that nested groups were followed once must be known to take back what was written of them. */
export function mergeSettings(stored: Settings, given: Readonly<Record<string, string | null>>): Settings {
  const merged = Object.entries({ ...stored, ...given }).map(
    ([name, value]) => [name, value ?? (name === NESTED_GROUPS && name in stored ? 'False' : null)] as const,
  );
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** Does the change alter the verdict on objects that did not change themselves? */
export const changesScope = (before: Settings, after: Settings): boolean =>
  (groupNesting({ settings: before }) === 'followed') !== (groupNesting({ settings: after }) === 'followed');

/** Throws ConfigError that names the setting. */
export function checkJobSettings(settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) {
    const wanted = wantedFor(name, value);
    if (wanted === null) continue;
    throw new ConfigError(
      'InvalidJobSetting',
      `Setting ${name} is '${value}': it must be ${wanted}.`,
      `synchronizationJobSettings/${name}`,
    );
  }
}

function wantedFor(name: string, value: string): string | null {
  if (booleans.has(name) && !/^(true|false)$/i.test(value)) return "'True' or 'False'";
  if (name === DIALECT_SETTING && dialectNamed(value) === null)
    return dialectNames.map((each) => `'${each}'`).join(' or ');
  if (counts.has(name) && !/^\d{1,9}$/.test(value)) return 'a whole number of at most nine digits';
  return null;
}
