// The three regular-expression modes of Replace, with .NET's replacement patterns.
import type { Match } from './regex.ts';
import { regexOf } from './regex.ts';
import { EvaluationFailure } from './values.ts';

function matchesOf(text: string, pattern: string): readonly Match[] {
  const regex = regexOf(pattern);
  if (!regex.ok) throw new EvaluationFailure(regex.message);
  return regex.matches(text);
}

/** Every match gives way to the replacement, in which $1, ${name}, $0, $&, $$ and their like are filled in. */
export function replaceByPattern(text: string, pattern: string, replacement: string): string {
  let result = '';
  let at = 0;
  for (const match of matchesOf(text, pattern)) {
    result += text.slice(at, match.start) + filledIn(replacement, match, text);
    at = match.end;
  }
  return result + text.slice(at);
}

// A name or number that the pattern does not have stays as it is written.
function filledIn(replacement: string, match: Match, text: string): string {
  return replacement.replaceAll(
    /\$(?:\{(\w+)\}|(\d+)|([$&`'_+]))/g,
    (written, name?: string, digits?: string, sign?: string) => {
      if (sign !== undefined) return signText(sign, match, text);
      const key = name ?? digits ?? '';
      if (Object.hasOwn(match.named, key)) return match.named[key]?.text ?? '';
      const group = /^\d{1,4}$/.test(key) ? match.groups[Number(key)] : undefined;
      return group === undefined ? written : (group ?? '');
    },
  );
}

function signText(sign: string, match: Match, text: string): string {
  if (sign === '$') return '$';
  if (sign === '&') return match.groups[0] ?? '';
  if (sign === '`') return text.slice(0, match.start);
  if (sign === "'") return text.slice(match.end);
  return sign === '_' ? text : (match.groups.at(-1) ?? '');
}

/** In every match only what the group captured gives way, to the literal replacement. */
export function replaceGroup(
  text: string,
  pattern: string,
  by: { readonly group: string; readonly replacement: string },
): string {
  let result = '';
  let at = 0;
  for (const match of matchesOf(text, pattern)) {
    const captured = match.named[by.group] ?? null;
    if (captured === null) continue;
    result += text.slice(at, captured.start) + by.replacement;
    at = captured.end;
  }
  return result + text.slice(at);
}

/** What the group captured in the first match; null without a match. */
export function firstGroup(text: string, pattern: string, group: string): string | null {
  return matchesOf(text, pattern)[0]?.named[group]?.text ?? null;
}
