// Graph's synchronizationJobSettings: names with a known type are checked when they are saved, others are kept as they are.
import { ConfigError } from '../../rules/model/errors.ts';

type Settings = Readonly<Record<string, string>>;

const booleans: ReadonlySet<string> = new Set([
  'AllowDefaultEntitlement',
  'AzureIngestionAttributeOptimization',
  'LookaheadQueryEnabled',
  'QuarantineTooManyDeletes',
]);
const counts: ReadonlySet<string> = new Set(['QuarantineTooManyDeletesThreshold']);

export const mergeSettings = (stored: Settings, given: Readonly<Record<string, string | null>>): Settings =>
  Object.fromEntries(
    Object.entries({ ...stored, ...given }).filter((entry): entry is [string, string] => entry[1] !== null),
  );

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
  if (counts.has(name) && !/^\d{1,9}$/.test(value)) return 'a whole number of at most nine digits';
  return null;
}
