// .NET regular expressions on an engine that runs in linear time: what it cannot do is refused by name, never run slowly.
import { RE2JS, RE2JSException } from 're2js';
import { PatternRefusal } from './regex/refusal.ts';
import type { GroupRole } from './regex/translate.ts';
import { translate } from './regex/translate.ts';

export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}
export interface Match {
  readonly start: number;
  readonly end: number;
  /** Groups 0, 1, 2 …, numbered as .NET does: unnamed groups first. Null = took no part. */
  readonly groups: readonly (Span | null)[];
  /** The last capture of a name; undefined for a name that the pattern does not have. */
  named(name: string): Span | null | undefined;
}
export interface UsableRegex {
  readonly ok: true;
  /** Instructions that every character may cost. */
  readonly size: number;
  readonly names: readonly string[];
  /** With group 0. */
  readonly groupCount: number;
  /** A search, not a match of the whole text. */
  test(text: string): boolean;
  matches(text: string): readonly Match[];
}
/** `message`: what is wrong with the pattern, in one sentence. */
export type Regex = UsableRegex | { readonly ok: false; readonly message: string };

/** Large patterns make an engine in linear time slow, too. */
const MAX_SIZE = 10_000;
const MAX_LENGTH = 10_000;

const cache = new Map<string, Regex>();
const CACHE_SIZE = 400;

/** Steps that compiling the pattern takes, as calls count them. */
export function compileSteps(pattern: string): number {
  const classes = pattern.match(/\\[dDwWsSpP]/g)?.length ?? 0;
  return 20_000 + 200 * pattern.length + 20_000 * classes + 100 * sizeOf(pattern);
}
function sizeOf(pattern: string): number {
  try {
    return translate(pattern).size;
  } catch (error) {
    if (error instanceof PatternRefusal) return 0;
    throw error;
  }
}

/** Compiles a pattern once; the patterns used last are kept for the objects that follow. */
export function regexOf(pattern: string): Regex {
  const known = cache.get(pattern);
  const regex = known ?? compile(pattern);
  // The map keeps the order of insertion: what was used last goes to its end, and what was not used for long leaves first.
  cache.delete(pattern);
  cache.set(pattern, regex);
  const [oldest] = cache.keys();
  if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
  return regex;
}

function compile(pattern: string): Regex {
  try {
    if (pattern.length > MAX_LENGTH) throw new PatternRefusal(`it has more than ${String(MAX_LENGTH)} characters`);
    const translation = translate(pattern);
    if (translation.size > MAX_SIZE) throw new PatternRefusal('its repetitions make it too large: lower their numbers');
    return regexFrom(RE2JS.compile(translation.pattern), translation.groups);
  } catch (error) {
    if (error instanceof PatternRefusal) return refused(pattern, error.message);
    if (error instanceof RE2JSException) return refused(pattern, reasonOf(error));
    throw error;
  }
}

const reasonOf = ({ message }: RE2JSException): string =>
  message
    .replace(/^error parsing regexp: /, '')
    .replace(/^invalid repeat count: .*$/s, '$&; counts rise, and end at 1000')
    .replace(/^missing closing \).*$/s, 'it has an opening parenthesis without a closing one')
    .replace(/^missing closing \]: (.*)$/s, 'the character class that begins with $1 has no closing bracket');

const LONGEST_QUOTE = 200;
const refused = (pattern: string, reason: string): Regex => ({
  ok: false,
  message: `The regular expression ${pattern.length > LONGEST_QUOTE ? `${pattern.slice(0, LONGEST_QUOTE)}…` : pattern} cannot be used: ${reason}.`,
});

function regexFrom(program: RE2JS, roles: readonly GroupRole[]): UsableRegex {
  const indexesOf = (wanted: (role: GroupRole) => boolean): readonly number[] =>
    roles.flatMap((role, i) => (wanted(role) ? [i + 1] : []));
  const names = [...new Set(roles.flatMap((role) => (role.kind === 'named' ? [role.name] : [])))];
  const byName = new Map(names.map((name) => [name, indexesOf((r) => r.kind === 'named' && r.name === name)]));
  // Group 0, the unnamed groups, then each name.
  const numbered = [[0], ...indexesOf((r) => r.kind === 'unnamed').map((i) => [i]), ...byName.values()];
  const lineFeeds = indexesOf((r) => r.kind === 'final-line-feed');
  type Matcher = ReturnType<RE2JS['matcher']>;

  const matchOf = (matcher: Matcher, text: string): Match => {
    const end = matcher.end() - (lineFeeds.some((i) => matcher.group(i) === '\n') ? 1 : 0);
    const span = (index: number): Span | null => {
      const start = matcher.start(index);
      if (start < 0) return null;
      const stop = Math.min(matcher.end(index), end);
      return { text: text.slice(start, stop), start, end: stop };
    };
    const groups = numbered.map((indexes) => lastOf(indexes, span));
    const unnamed = groups.length - names.length;
    return {
      start: matcher.start(),
      end,
      groups,
      named: (name) => (byName.has(name) ? (groups[unnamed + names.indexOf(name)] ?? null) : undefined),
    };
  };

  // The final line feed is not part of the match, so the search goes on before it; few places are left.
  const matchesFrom = (before: Match, matcher: Matcher, text: string): readonly Match[] => {
    const found: Match[] = [];
    for (let last = before, from = after(last); from <= text.length && matcher.find(from); from = after(last)) {
      last = matchOf(matcher, text);
      found.push(last);
    }
    return found;
  };

  return {
    ok: true,
    size: program.programSize(),
    names,
    groupCount: numbered.length,
    test: (text) => program.matcher(text).find(),
    matches: (text) => {
      const matcher = program.matcher(text);
      const found: Match[] = [];
      while (matcher.find()) {
        const match = matchOf(matcher, text);
        found.push(match);
        if (match.end < matcher.end()) return [...found, ...matchesFrom(match, matcher, text)];
      }
      return found;
    },
  };
}

const after = ({ start, end }: Match): number => (end > start ? end : end + 1);

// Of groups with the same name the last capture counts.
function lastOf(indexes: readonly number[], span: (index: number) => Span | null): Span | null {
  const spans = indexes.flatMap((index) => span(index) ?? []);
  return spans.reduce<Span | null>((last, one) => (last === null || one.start >= last.start ? one : last), null);
}
