// Settings of one job, in Graph's synchronizationJobSettings (name → text). One table feeds the check when they are saved,
// the typed reading and docs/job-settings.md. Names that Graph knows keep Graph's spelling; the others are ours.
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
/** A whole number from 0; the text `off` is `null` where `offAllowed`: no limit. */
interface NumberSetting extends Described {
  readonly kind: 'number';
  readonly most: number;
  readonly default: number | null;
}
/** ISO 8601 durations separated by commas, read as milliseconds. */
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
export type JobSetting = BooleanSetting | NumberSetting | DurationsSetting | ChoiceSetting;

const flag = (initial: boolean, meaning: string): BooleanSetting => ({ kind: 'boolean', default: initial, meaning });
const number = (initial: number | null, meaning: string, most = 999_999_999): NumberSetting => ({
  kind: 'number',
  default: initial,
  most,
  meaning,
});
const percent = (initial: number | null, meaning: string): NumberSetting => number(initial, meaning, 100);
const durations = (initial: string, meaning: string): DurationsSetting => ({
  kind: 'durations',
  default: initial,
  meaning,
});

const choice = (options: readonly string[], initial: string | null, meaning: string): ChoiceSetting => ({
  kind: 'choice',
  options,
  default: initial,
  meaning,
});

export const jobSettingsTable = {
  QuarantineTooManyDeletes: flag(true, 'Hold disables and deletes that exceed the limits below.'),
  QuarantineTooManyDeletesThreshold: number(500, 'Most users and groups that one cycle disables or deletes.'),
  QuarantineTooManyDeletesShare: percent(40, 'Most percent of the linked users, and of the linked groups, likewise.'),
  QuarantineTooManyDeletesFloor: number(25, 'The shares hold nothing back while no more than so many are affected.'),
  QuarantineTooManyDeletesPerDay: number(1000, 'Most users and groups disabled or deleted within 24 hours.'),
  QuarantineTooManyDeletesPerWeek: number(2500, 'Most users and groups disabled or deleted within 7 days.'),
  QuarantineTooManyMembersShare: percent(50, 'Most percent of its members that one group loses within 24 hours.'),
  QuarantineTooManyMembersFloor: number(100, 'That share holds nothing back while no more than so many are lost.'),
  QuarantineEscrowFloor: number(5000, 'Failures below which no proportion of them puts the job in quarantine.'),
  QuarantineEscrowProportion: percent(40, 'Percent of failed objects above which the job goes into quarantine.'),
  QuarantineBaseEscrowThreshold: number(40_000, 'Objects in escrow above which the job goes into quarantine.'),
  QuarantineTotalEscrowThreshold: number(60_000, 'The same with failed references counted.'),
  QuarantineDisableAfter: durations('P28D', 'A job in quarantine for so long is disabled.'),
  QuarantineReminder: durations('', 'While the quarantine lasts, it is told again after so long. Empty: once only.'),
  EscrowRetrySchedule: durations(
    'PT6H,PT12H,PT24H',
    'After the first failure, retries follow at these times; then daily.',
  ),
  EscrowGiveUpAfter: durations(
    'P28D',
    'An object that fails for so long is tried again only when something about it changes.',
  ),
  EscrowGrowthAlert: number(100, 'Objects in escrow from which on their growth is notified.'),
  InvalidAnchorAction: choice(
    ['Escrow', 'Recreate'],
    'Escrow',
    'A linked account that the application answers 404 for is left in escrow, or matched again and created.',
  ),
  InvalidAnchorMost: number(5, 'More such accounts in one cycle are the loss of the target: nothing is made anew.'),
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
  : S extends NumberSetting
    ? number | null
    : S extends DurationsSetting
      ? readonly number[]
      : string | null;
export type JobSettingValue<N extends JobSettingName> = Read<(typeof jobSettingsTable)[N]>;

/** The value in force: what is stored, where it can be read, else the default. Numbers that are switched off are `null`. */
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

function refusal(setting: JobSetting, text: string): string | null {
  switch (setting.kind) {
    case 'boolean':
      return /^(?:true|false)$/i.test(text) ? null : "'True' or 'False'";
    case 'number':
      return isOff(text) || (/^\d{1,9}$/.test(text) && Number(text) <= setting.most) ? null : numberWanted(setting);
    case 'durations':
      return text === '' || text.split(',').every((each) => milliseconds(each) !== null)
        ? null
        : "ISO 8601 durations separated by commas, such as 'PT6H,P1D'";
    case 'choice':
      return choiceOf(setting, text) === undefined ? setting.options.map((each) => `'${each}'`).join(' or ') : null;
  }
}

const numberWanted = ({ most }: NumberSetting): string =>
  most === 999_999_999
    ? "a whole number of at most nine digits, or 'off' for no limit"
    : `a whole number from 0 to ${String(most)}, or 'off' for no limit`;

function valueOf(setting: JobSetting, text: string): boolean | number | null | readonly number[] | string {
  switch (setting.kind) {
    case 'boolean':
      return text.toLowerCase() === 'true';
    case 'number':
      return isOff(text) ? null : Number(text);
    case 'durations':
      return text.split(',').flatMap((each) => milliseconds(each) ?? []);
    case 'choice':
      return choiceOf(setting, text) ?? setting.default;
  }
}

const defaultOf = (setting: JobSetting) =>
  setting.kind === 'durations' ? valueOf(setting, setting.default) : setting.default;
const choiceOf = ({ options }: ChoiceSetting, text: string): string | undefined =>
  options.find((option) => option.toLowerCase() === text.toLowerCase());
const isOff = (text: string): boolean => text.toLowerCase() === 'off';

const SECOND = 1_000;
const units = [7 * 86_400 * SECOND, 86_400 * SECOND, 3_600 * SECOND, 60 * SECOND, SECOND];
const duration = /^P(?!$)(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?!$)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/i;

function milliseconds(text: string): number | null {
  const parts = duration.exec(text.trim())?.slice(1);
  if (parts === undefined) return null;
  return units.reduce((sum, unit, i) => sum + Number(parts[i] ?? 0) * unit, 0);
}
