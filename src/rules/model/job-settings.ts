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
/** A whole number from 0; the text `off` is `null`: no limit. */
interface NumberSetting extends Described {
  readonly kind: 'number';
  readonly default: number;
}
interface ChoiceSetting extends Described {
  readonly kind: 'choice';
  readonly options: readonly string[];
  /** `null`: nothing is chosen. */
  readonly default: string | null;
}
export type JobSetting = BooleanSetting | NumberSetting | ChoiceSetting;

const flag = (initial: boolean, meaning: string): BooleanSetting => ({ kind: 'boolean', default: initial, meaning });
const number = (initial: number, meaning: string): NumberSetting => ({ kind: 'number', default: initial, meaning });

const choice = <const O extends string, const D extends O | null>(
  options: readonly O[],
  initial: D,
  meaning: string,
) => ({ kind: 'choice' as const, options, default: initial, meaning });

export const jobSettingsTable = {
  QuarantineTooManyDeletes: flag(true, 'Hold disables and deletes that exceed the limit below.'),
  QuarantineTooManyDeletesThreshold: number(500, 'Most users and groups that one cycle disables or deletes.'),
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
  : S extends NumberSetting
    ? number | null
    : S extends { readonly options: readonly (infer O)[]; readonly default: infer D }
      ? O | (D & null)
      : never;
export type JobSettingValue<N extends JobSettingName> = Read<(typeof jobSettingsTable)[N]>;

/** The value in force: what is stored, where it can be read, else the default. Numbers that are switched off are `null`. */
export function jobSetting<N extends JobSettingName>(settings: Settings, name: N): JobSettingValue<N> {
  const setting: JobSetting = jobSettingsTable[name];
  const text = settings[name]?.trim();
  const read = text === undefined || refusal(setting, text) !== null ? setting.default : valueOf(setting, text);
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
      return isOff(text) || /^\d{1,9}$/.test(text)
        ? null
        : "a whole number of at most nine digits, or 'off' for no limit";
    case 'choice':
      return choiceOf(setting, text) === undefined ? setting.options.map((each) => `'${each}'`).join(' or ') : null;
  }
}

function valueOf(setting: JobSetting, text: string): boolean | number | null | string {
  switch (setting.kind) {
    case 'boolean':
      return text.toLowerCase() === 'true';
    case 'number':
      return isOff(text) ? null : Number(text);
    case 'choice':
      return choiceOf(setting, text) ?? setting.default;
  }
}

const choiceOf = ({ options }: ChoiceSetting, text: string): string | undefined =>
  options.find((option) => option.toLowerCase() === text.toLowerCase());
const isOff = (text: string): boolean => text.toLowerCase() === 'off';
