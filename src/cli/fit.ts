// Makes columns narrow enough for a terminal: the widest give way first, and none becomes narrower than a short word.

const NARROWEST = 8;
const GAP = 2;

/** Widths that fit into `room` characters where that can be; as they are without a terminal (`null`). */
export function fitWidths(
  widths: readonly number[],
  titles: readonly number[],
  room: number | null,
): readonly number[] {
  if (room === null) return widths;
  const least = widths.map((width, index) => Math.min(width, Math.max(NARROWEST, titles[index] ?? 0)));
  const fitted = [...widths];
  const gaps = GAP * Math.max(0, widths.length - 1);
  for (let over = total(fitted) + gaps - room; over > 0; over -= 1) {
    const widest = widestOf(fitted, least);
    if (widest === null) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
  }
  return fitted;
}

const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0);

function widestOf(widths: readonly number[], least: readonly number[]): number | null {
  const open = widths.flatMap((width, index) => (width > (least[index] ?? 0) ? [{ width, index }] : []));
  const [widest = null] = open.sort((a, b) => b.width - a.width);
  return widest === null ? null : widest.index;
}

/** Of the terminal that reads the output; `null` in a pipe, where nothing is cut. */
export function terminalWidth({
  isTTY,
  columns = 0,
}: {
  readonly isTTY?: boolean;
  readonly columns?: number;
}): number | null {
  if (isTTY !== true) return null;
  // Some terminals say 0.
  return columns === 0 ? 80 : columns;
}
