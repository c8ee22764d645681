// .NET regular expressions on an engine that runs in linear time: what it cannot do is refused by name, never run slowly.
import { RE2JS, RE2JSException } from 're2js';

export interface Match {
  readonly start: number;
  readonly end: number;
  /** Text of group 0, 1, 2 …, numbered as .NET does: unnamed groups first. Null = took no part. */
  readonly groups: readonly (string | null)[];
  readonly named: Readonly<
    Record<string, { readonly text: string; readonly start: number; readonly end: number } | null>
  >;
}
export type Regex =
  | { readonly ok: true; matches(text: string): readonly Match[]; readonly names: readonly string[] }
  /** What is wrong with the pattern, in one sentence. */
  | { readonly ok: false; readonly message: string };

const cache = new Map<string, Regex>();
const CACHE_SIZE = 200;

/** Compiles a pattern once; compiled patterns are kept for the objects that follow. */
export function regexOf(pattern: string): Regex {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const compiled = compile(pattern);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): Regex {
  const unsupported = /\(\?(?:<?[=!])/.test(pattern)
    ? 'look-around'
    : /\[[^\]]*[^\]\\]-\[/.test(pattern)
      ? 'character class subtraction'
      : null;
  if (unsupported !== null)
    return refused(pattern, `${unsupported} is not supported, because patterns must run in linear time`);
  try {
    return matcherOf(RE2JS.compile(translate(pattern)));
  } catch (error) {
    if (error instanceof RE2JSException) return refused(pattern, error.message.replace(/^error parsing regexp: /, ''));
    throw error;
  }
}

const refused = (pattern: string, reason: string): Regex => ({
  ok: false,
  message: `The regular expression ${pattern} cannot be used: ${reason}.`,
});

// \d, \w and \s know all scripts in .NET; (?'name'…) is another spelling of (?<name>…); \Z is $.
function translate(pattern: string): string {
  let inClass = false;
  return pattern.replaceAll(/\\[\s\S]|\[\^?\]?|\]|\(\?'(\w+)'/g, (token, name?: string) => {
    if (name !== undefined) return inClass ? token : `(?<${name}>`;
    if (token === ']') inClass = false;
    else if (token.startsWith('[')) {
      if (inClass) {
        inClass = !token.endsWith(']');
        return `\\${token}`;
      }
      inClass = true;
    } else return unicodeEscape(token, inClass);
    return token;
  });
}

function unicodeEscape(token: string, inClass: boolean): string {
  const members = { '\\d': '\\p{Nd}', '\\w': '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}', '\\s': '\\s\\x0b\\x85\\p{Z}' }[token];
  if (members !== undefined) return inClass ? members : `[${members}]`;
  return token === '\\Z' ? '\\n?\\z' : token;
}

function matcherOf(program: RE2JS): Regex {
  const namedGroups = Object.entries(program.namedGroups());
  const namedIndexes = new Set(namedGroups.map(([, index]) => index));
  const indexes = Array.from({ length: program.groupCount() + 1 }, (_, i) => i);
  const dotNetOrder = [...indexes.filter((i) => !namedIndexes.has(i)), ...indexes.filter((i) => namedIndexes.has(i))];
  return {
    ok: true,
    names: namedGroups.map(([name]) => name),
    matches: (text) => {
      const matcher = program.matcher(text);
      const found: Match[] = [];
      while (matcher.find()) {
        const named = namedGroups.map(([name, index]) => {
          const group = matcher.group(index);
          return [
            name,
            group === null ? null : { text: group, start: matcher.start(index), end: matcher.end(index) },
          ] as const;
        });
        found.push({
          start: matcher.start(),
          end: matcher.end(),
          groups: dotNetOrder.map((i) => matcher.group(i)),
          named: Object.fromEntries(named),
        });
      }
      return found;
    },
  };
}
