// Settings of one job, in Graph's synchronizationJobSettings (name → text). One table feeds the check when they are saved,
// the typed reading and docs/job-settings.md. Names that Graph knows keep Graph's spelling; the others are ours.
import { parseDuration } from './duration.ts';
import { dialectNames } from './target.ts';

export type Settings = Readonly<Record<string, string>>;

interface Described {
  /** One sentence for administrators. */
  readonly meaning: string;
}
interface BooleanSetting extends Described {
  readonly kind: 'boolean';
  readonly default: boolean;
}
/** A whole number from 0; the text `off` is `null`: no limit. */
interface NumberSetting extends Described {
  readonly kind: 'number';
  readonly default: number;
}
/** An ISO-8601 duration, read as seconds; the text `off` is `null`. */
interface DurationSetting extends Described {
  readonly kind: 'duration';
  readonly default: string;
}
/** Growing ISO-8601 durations, separated by commas; read as seconds. */
interface DurationsSetting extends Described {
  readonly kind: 'durations';
  readonly default: string;
}
interface ChoiceSetting extends Described {
  readonly kind: 'choice';
  readonly options: readonly string[];
  /** `null`: nothing is chosen. */
  readonly default: string | null;
}
export type JobSetting = BooleanSetting | NumberSetting | DurationSetting | DurationsSetting | ChoiceSetting;

const flag = (initial: boolean, meaning: string): BooleanSetting => ({ kind: 'boolean', default: initial, meaning });
const number = (initial: number, meaning: string): NumberSetting => ({ kind: 'number', default: initial, meaning });
const duration = (initial: string, meaning: string): DurationSetting => ({
  kind: 'duration',
  default: initial,
  meaning,
});
const durations = (initial: string, meaning: string): DurationsSetting => ({
  kind: 'durations',
  default: initial,
  meaning,
});

const choice = <const O extends string, const D extends O | null>(
  options: readonly O[],
  initial: D,
  meaning: string,
) => ({ kind: 'choice' as const, options, default: initial, meaning });

export const jobSettingsTable = {
  QuarantineTooManyDeletes: flag(true, 'Hold all disables and deletes of a cycle that exceed one of the limits below.'),
  QuarantineTooManyDeletesThreshold: number(500, 'Most users, and most groups, that one cycle disables or deletes.'),
  QuarantineTooManyDeletesShare: number(40, 'The same as a share of the linked users, or groups, in percent.'),
  QuarantineTooManyDeletesFloor: number(
    25,
    'So many leavers in a cycle are held by no share, however small the job is.',
  ),
  QuarantineTooManyDeletesPerDay: number(1000, 'Most users, and most groups, that lose access in 24 hours unapproved.'),
  QuarantineTooManyDeletesPerWeek: number(2500, 'Most users, and most groups, that lose access in 7 days unapproved.'),
  QuarantineTooManyDeletesMembersShare: number(
    50,
    'Most members that one group loses in 24 hours unapproved, in percent of them.',
  ),
  QuarantineTooManyDeletesMembersFloor: number(100, 'So many members of a group in 24 hours are held by no share.'),
  QuarantineEscrowFloor: number(
    5000,
    'Fewer failed objects never put the job in quarantine; a small job wants a small number here.',
  ),
  QuarantineEscrowProportion: number(
    40,
    'Percent: with more of its objects in error, and at least the floor above, the job goes into quarantine.',
  ),
  BaseEscrowThreshold: number(40_000, 'More failed objects put the job in quarantine, whatever their share.'),
  TotalEscrowThreshold: number(60_000, 'More failed objects and references together put the job in quarantine.'),
  QuarantineFirstWait: duration('PT5M', 'A job in quarantine is tried again after this time; the wait doubles.'),
  QuarantineLongestWait: duration('P1D', 'The wait between two attempts in quarantine grows up to this.'),
  QuarantineDisableAfter: duration('P28D', 'A job that is in quarantine for so long is disabled.'),
  QuarantineReminder: duration('off', 'People are reminded of a quarantine each time this has passed.'),
  EscrowRetrySchedule: durations(
    'PT6H,PT12H,PT24H',
    'Times after the first failure at which an object in error is tried again; then once a day.',
  ),
  EscrowGiveUpAfter: duration(
    'P28D',
    'An object in error for so long is tried no more by the clock; it stays in the list and wakes when something changes.',
  ),
  EscrowGrowthAlert: number(100, 'People are told when a cycle ends with so many more objects in error than the last.'),
  InvalidAnchorAction: choice(
    ['Escrow', 'Recreate'],
    'Escrow',
    'A linked account that the application answers 404 for is left in escrow, or matched again and created.',
  ),
  InvalidAnchorMost: number(5, 'More such accounts in one cycle are the loss of the target: nothing is made anew.'),
  DeprovisionUsers: choice(
    ['Disable', 'Delete', 'Keep'],
    'Disable',
    'The account of a user who left scope is disabled, and deleted once he is deleted for good; or deleted at once, also of who is only disabled or unassigned; or kept as it is, whatever becomes of him.',
  ),
  DeprovisionGroups: choice(
    ['Delete', 'Keep'],
    'Delete',
    'A group that left scope or was deleted is deleted in the application, or kept there as it is.',
  ),
  ScimDialect: choice(dialectNames, null, 'Form of the SCIM requests, instead of what template and tenant URL say.'),
  NestedGroups: flag(false, 'Follow groups within assigned groups; Entra looks at direct members only.'),
  AllowDefaultEntitlement: flag(
    true,
    'Off: who has no role but Default Access is not effectively entitled, unless the application has no other role.',
  ),
  AzureIngestionAttributeOptimization: flag(false, 'Graph knows it; kept as it is given.'),
  LookaheadQueryEnabled: flag(false, 'Graph knows it; kept as it is given.'),
} as const satisfies Record<string, JobSetting>;
export type JobSettingName = keyof typeof jobSettingsTable;

type Read<S extends JobSetting> = S extends BooleanSetting
  ? boolean
  : S extends NumberSetting | DurationSetting
    ? number | null
    : S extends DurationsSetting
      ? readonly number[]
      : S extends { readonly options: readonly (infer O)[]; readonly default: infer D }
        ? O | (D & null)
        : never;
export type JobSettingValue<N extends JobSettingName> = Read<(typeof jobSettingsTable)[N]>;

/**
 * The value in force: what is stored, where it can be read, else the default. Durations are seconds; numbers and durations
 * that are switched off are `null`.
 */
export function jobSetting<N extends JobSettingName>(settings: Settings, name: N): JobSettingValue<N> {
  const setting: JobSetting = jobSettingsTable[name];
  const text = settings[name]?.trim();
  const read = text === undefined || refusal(setting, text) !== null ? defaultOf(setting) : valueOf(setting, text);
  return read as JobSettingValue<N>;
}

/** What the text must be instead, or `null` when it is right. Names without an entry are not ours to judge. */
export function jobSettingProblem(name: string, text: string): string | null {
  const setting = Object.hasOwn(jobSettingsTable, name) ? jobSettingsTable[name as JobSettingName] : undefined;
  return setting === undefined ? null : refusal(setting, text.trim());
}

const defaultOf = (setting: JobSetting): Value =>
  setting.kind === 'duration' || setting.kind === 'durations' ? valueOf(setting, setting.default) : setting.default;

function refusal(setting: JobSetting, text: string): string | null {
  switch (setting.kind) {
    case 'boolean':
      return /^(?:true|false)$/i.test(text) ? null : "'True' or 'False'";
    case 'number':
      return isOff(text) || /^\d{1,9}$/.test(text)
        ? null
        : "a whole number of at most nine digits, or 'off' for no limit";
    case 'duration':
      return isOff(text) || (parseDuration(text) ?? 0) > 0
        ? null
        : "an ISO-8601 duration such as PT6H or P28D, or 'off'";
    case 'durations':
      return secondsOf(text) === null
        ? 'one or more growing ISO-8601 durations with commas between, such as PT6H,PT12H,PT24H'
        : null;
    case 'choice':
      return choiceOf(setting, text) === undefined ? setting.options.map((each) => `'${each}'`).join(' or ') : null;
  }
}

type Value = boolean | number | null | string | readonly number[];
function valueOf(setting: JobSetting, text: string): Value {
  switch (setting.kind) {
    case 'boolean':
      return text.toLowerCase() === 'true';
    case 'number':
      return isOff(text) ? null : Number(text);
    case 'duration':
      return isOff(text) ? null : parseDuration(text);
    case 'durations':
      return secondsOf(text) ?? [];
    case 'choice':
      return choiceOf(setting, text) ?? setting.default;
  }
}

/** `null` when one is no duration, or not longer than the one before. */
function secondsOf(text: string): readonly number[] | null {
  const seconds = text.split(',').map((part) => parseDuration(part.trim()) ?? 0);
  return seconds.every((each, index) => each > (seconds[index - 1] ?? 0)) ? seconds : null;
}

const choiceOf = ({ options }: ChoiceSetting, text: string): string | undefined =>
  options.find((option) => option.toLowerCase() === text.toLowerCase());
const isOff = (text: string): boolean => text.toLowerCase() === 'off';
