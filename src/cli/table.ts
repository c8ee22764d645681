// Aligned tables for a terminal: numbers to the right, text to the left.
import { fitWidths, terminalWidth } from './fit.ts';
import { clip, grouped, lengthOf, padEnd, padStart, printable } from './text.ts';

export type Cell = string | number | null;
export interface Column {
  readonly title: string;
  /** Longer cells are cut. */
  readonly most?: number;
}

/**
 * One line for the titles and one per row, without trailing blanks; empty and `null` cells show as `-`. `room`: characters of a
 * terminal, `null` in a pipe.
 */
export function renderTable(
  columns: readonly (Column | string)[],
  rows: readonly (readonly Cell[])[],
  room: number | null = terminalWidth(process.stdout),
): string {
  const titles = columns.map((column) => (typeof column === 'string' ? column : column.title));
  const most = columns.map((column) => (typeof column === 'string' ? Infinity : (column.most ?? Infinity)));
  const texts = rows.map((row) =>
    titles.map((_, index) => clip(cellText(row[index] ?? null), most[index] ?? Infinity)),
  );
  const natural = titles.map((title, index) =>
    Math.max(lengthOf(title), ...texts.map((row) => lengthOf(row[index] ?? ''))),
  );
  const widths = fitWidths(natural, titles.map(lengthOf), room);
  const pads = titles.map((_, index) => (texts.every((row) => isNumber(row[index] ?? '')) ? padStart : padEnd));
  return [titles, ...texts]
    .map((row) =>
      row
        .map((cell, index) => (pads[index] ?? padEnd)(clip(cell, widths[index] ?? 0), widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const isNumber = (text: string): boolean => /^(-|[\d,.]+)$/.test(text);

/** Names with their values, one per line. */
export function renderFacts(facts: readonly (readonly [string, Cell])[]): string {
  const width = Math.max(0, ...facts.map(([name]) => lengthOf(name)));
  return facts.map(([name, value]) => `${padEnd(name, width)}  ${cellText(value)}`).join('\n');
}

function cellText(cell: Cell): string {
  if (cell === null || cell === '') return '-';
  return typeof cell === 'number' ? grouped(cell) : printable(cell);
}
