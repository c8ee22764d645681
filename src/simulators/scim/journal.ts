// An append-only file of changes. A line has reached the operating system before the change is answered, so that the
// death of the process loses nothing that a client was told. A torn last line is the change nobody was told of.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

import type { Json } from '../../rules/model/json.ts';

export interface Journal {
  append(line: string): void;
  close(): void;
}

export const noJournal: Journal = { append: () => undefined, close: () => undefined };

/** Entries of the file in order; none when it does not exist. */
export function readJournal(file: string): readonly Json[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  const torn = lines.pop();
  const entries = lines.map((line, at) => parseLine(file, line, at));
  return torn === undefined || torn === '' ? entries : [...entries, ...tail(torn)];
}

function parseLine(file: string, line: string, at: number): Json {
  try {
    return JSON.parse(line) as Json;
  } catch {
    throw new Error(
      `Line ${String(at + 1)} of ${file} is not JSON, so the simulator cannot load its state: repair or delete the file.`,
    );
  }
}

function tail(torn: string): readonly Json[] {
  try {
    return [JSON.parse(torn) as Json];
  } catch {
    return [];
  }
}

/** Replaces the file by `lines` in one step and opens it for appending. */
export function openJournal(file: string, lines: readonly string[]): Journal {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  writeFileSync(fresh, lines.map((line) => `${line}\n`).join(''));
  renameSync(fresh, file);
  const descriptor = openSync(file, 'a');
  return {
    append: (line) => void writeSync(descriptor, `${line}\n`),
    close: () => closeSync(descriptor),
  };
}
