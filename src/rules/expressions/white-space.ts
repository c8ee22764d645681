// White space as .NET knows it: with U+0085 and without the byte order mark, unlike JavaScript's trim.

const white = /[\t-\r\x85\p{Z}]/u;

export function trimStart(text: string): string {
  let start = 0;
  while (start < text.length && white.test(text.charAt(start))) start += 1;
  return text.slice(start);
}

export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && white.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

export const trimmed = (text: string): string => trimEnd(trimStart(text));
