// The append-only file of changes: one JSON line per request, in the kernel before the answer goes out.
// A process that dies leaves at most one torn line, which is cut off at the next start: its request was never answered.
import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { Change } from './changes.ts';

export interface Journal {
  /** Appends one request's changes; throws when the file cannot be written. */
  append(changes: readonly Change[]): void;
  close(): void;
}

/** Opens (or makes) the journal and hands each recorded change to `replay`, oldest first. */
export function openJournal(path: string, replay: (change: Change) => void): Journal {
  const descriptor = openSync(path, 'a');
  try {
    recover(path, replay);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return {
    append(changes) {
      const line = Buffer.from(`${JSON.stringify(changes)}\n`);
      for (let at = 0; at < line.length;) at += writeSync(descriptor, line, at);
    },
    close: () => closeSync(descriptor),
  };
}

function recover(path: string, replay: (change: Change) => void): void {
  const bytes = readFileSync(path);
  let start = 0;
  for (let line = 1; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const last = end === -1 || end === bytes.length - 1;
    const changes = end === -1 ? null : parseLine(bytes.toString('utf8', start, end));
    if (changes === null && !last)
      throw new Error(
        `${path} is damaged at line ${String(line)}: restore the file, or remove it to lose all changes made by hand.`,
      );
    if (changes === null) {
      truncateSync(path, start);
      return;
    }
    changes.forEach(replay);
    start = end + 1;
  }
}

/** The journal is written by this program only: a line that parses to a list is a list of changes. */
function parseLine(text: string): readonly Change[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as readonly Change[]) : null;
  } catch {
    return null;
  }
}
