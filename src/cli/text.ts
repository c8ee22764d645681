// Text for a terminal: what comes from elsewhere may not steer it, and fits where it is put.

/** Names come from applications and directories: control characters would reach the terminal. */
// eslint-disable-next-line no-control-regex
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');

export const lengthOf = (text: string): number => Array.from(text).length;

/** Cut with an ellipsis when it is longer than `width` characters. */
export function clip(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  return width <= 0 ? '' : `${characters.slice(0, width - 1).join('')}…`;
}

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - lengthOf(text)));
export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - lengthOf(text))) + text;

/** 12345 → `12,345`, whatever the locale of the machine. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
