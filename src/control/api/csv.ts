// CSV as RFC 4180 has it, safe to open in a spreadsheet.

/** Lines as they come, the header first; each ends with CRLF. */
export async function* csvLines(
  header: readonly string[],
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<string> {
  yield line(header);
  for await (const row of rows) yield line(row);
}

const line = (fields: readonly string[]): string => `${fields.map(field).join(',')}\r\n`;

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
