// The three regular-expression modes of Replace, with .NET's replacement patterns. Results are built through `grow`, which bounds them.
import type { Match, UsableRegex } from '../regex.ts';

/** Told the length of what is about to be added to the result. Throws EvaluationFailure when that is too much. */
export type Grow = (length: number) => void;

/** Text, or what a match puts in its place. */
type Part = string | ((match: Match, text: string) => string);
export type Replacement = readonly Part[];

/** Reads $1, ${name}, $0, $&, $$ and their like. A name or number that the pattern does not have stays as it is written. */
export function replacementOf(written: string, regex: UsableRegex): Replacement {
  const parts: Part[] = [];
  let at = 0;
  for (const found of written.matchAll(/\$(?:\{([\p{L}\p{N}_]+)\}|(\d+)|([$&`'_+]))/gu)) {
    const [all, name, digits, sign] = found;
    parts.push(written.slice(at, found.index));
    parts.push(sign === undefined ? (groupPart(name ?? digits ?? '', regex) ?? all) : (signs[sign] ?? all));
    at = found.index + all.length;
  }
  return [...parts, written.slice(at)].filter((part) => part !== '');
}

function groupPart(key: string, regex: UsableRegex): Part | null {
  if (regex.names.includes(key)) return (match) => match.named(key)?.text ?? '';
  if (!/^\d{1,4}$/.test(key) || Number(key) >= regex.groupCount) return null;
  return (match) => match.groups[Number(key)]?.text ?? '';
}

const signs: Readonly<Record<string, Part>> = {
  $: '$',
  '&': (match) => match.groups[0]?.text ?? '',
  '`': (match, text) => text.slice(0, match.start),
  "'": (match, text) => text.slice(match.end),
  _: (_, text) => text,
  '+': (match) => match.groups.at(-1)?.text ?? '',
};

/** Every match gives way to the replacement. */
export function replaceByPattern(
  text: string,
  matches: readonly Match[],
  replacement: Replacement,
  grow: Grow,
): string {
  let result = '';
  let at = 0;
  for (const match of matches) {
    result += text.slice(at, match.start);
    for (const part of replacement) {
      const added = typeof part === 'string' ? part : part(match, text);
      grow(added.length);
      result += added;
    }
    at = match.end;
  }
  return result + text.slice(at);
}

/** In every match only what the group captured gives way, to the literal replacement. */
export function replaceGroup(
  text: string,
  matches: readonly Match[],
  by: { readonly group: string; readonly replacement: string },
  grow: Grow,
): string {
  let result = '';
  let at = 0;
  for (const match of matches) {
    const captured = groupOf(match, by.group);
    if (captured == null) continue;
    grow(by.replacement.length);
    result += text.slice(at, captured.start) + by.replacement;
    at = captured.end;
  }
  return result + text.slice(at);
}

/** What the group captured in the first match; null without a match. */
export const firstGroup = (matches: readonly Match[], group: string): string | null =>
  matches[0] === undefined ? null : (groupOf(matches[0], group)?.text ?? null);

// As in .NET, a group has its number for a name, too.
const groupOf = (match: Match, group: string): Match['groups'][number] | undefined =>
  match.named(group) ?? (/^\d{1,4}$/.test(group) ? match.groups[Number(group)] : undefined);
