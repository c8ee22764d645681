// What changes, one line each, as people know it from version control; coloured where a terminal shows it.
import type { SchemaChange } from '../rules/schema/diff-schema.ts';
import { printable } from './text.ts';

const signs = { added: '+', removed: '-', changed: '~' } as const;
const colours = { added: 32, removed: 31, changed: 33 } as const;

export const renderChangeLines = (changes: readonly SchemaChange[], coloured: boolean): string =>
  changes.map((change) => paint(lineOf(change), colours[change.kind], coloured)).join('\n');

function lineOf({ kind, where, before, after }: SchemaChange): string {
  const value =
    kind === 'added' ? shown(after) : kind === 'removed' ? shown(before) : `${shown(before)} → ${shown(after)}`;
  return `  ${signs[kind]} ${printable(where)}: ${value}`;
}

const shown = (value: SchemaChange['before']): string =>
  printable(typeof value === 'string' ? (value === '' ? "''" : value) : JSON.stringify(value));
const paint = (text: string, colour: number, coloured: boolean): string =>
  coloured ? `\u001b[${String(colour)}m${text}\u001b[0m` : text;

/** Neither in a pipe nor where https://no-color.org asks for none. */
export const wantsColour = (terminal: { readonly isTTY?: boolean }, noColour: boolean): boolean =>
  terminal.isTTY === true && !noColour;
