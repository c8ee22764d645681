// Graph's synchronizationJobRestartScope, in every form that clients send it.
import { ConfigError } from '../../rules/model/errors.ts';

/** Single flags with their bits; `None` and `Full` are combinations. */
const flags = { ConnectorDataStore: 1, Escrows: 2, Watermark: 4, QuarantineState: 8, ForceDeletes: 32 } as const;
export type RestartScope = keyof typeof flags;
const names = Object.keys(flags) as readonly RestartScope[];
const full: readonly RestartScope[] = ['ConnectorDataStore', 'Escrows', 'Watermark', 'QuarantineState'];
/** What the portal's "Restart provisioning" resets. */
const usual: readonly RestartScope[] = ['Watermark', 'Escrows', 'QuarantineState'];

const words = new Map<string, readonly RestartScope[]>([
  ...names.map((name) => [name.toLowerCase(), [name]] as const),
  ['none', []],
  ['full', full],
]);

/**
 * `resetScope` as a comma-separated string of any case and spacing, an array of such strings, or the sum of the flags.
 * Absent or empty = what the portal resets. Throws ConfigError for anything else.
 */
export function readRestartScope(resetScope: unknown): ReadonlySet<RestartScope> {
  if (resetScope === undefined || resetScope === null) return new Set(usual);
  const tokens = tokensOf(resetScope);
  return new Set(tokens.length === 0 ? usual : tokens.flatMap(scopesOf));
}

function tokensOf(value: unknown): readonly string[] {
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(tokensOf);
  if (typeof value !== 'string') throw unknownScope(JSON.stringify(value));
  return value
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '');
}

function scopesOf(token: string): readonly RestartScope[] {
  const found = words.get(token.toLowerCase()) ?? (/^\d{1,2}$/.test(token) ? scopesOfBits(Number(token)) : null);
  if (found === null) throw unknownScope(token);
  return found;
}

function scopesOfBits(bits: number): readonly RestartScope[] | null {
  const set = names.filter((name) => (bits & flags[name]) !== 0);
  return set.reduce((sum, name) => sum + flags[name], 0) === bits ? set : null;
}

const unknownScope = (token: string): ConfigError =>
  new ConfigError(
    'InvalidResetScope',
    `resetScope '${token}' is unknown. Use a comma-separated list of None, ${names.join(', ')}, Full.`,
    'criteria/resetScope',
  );
