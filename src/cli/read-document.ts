// A JSON document that somebody names on the command line.
import { readFileSync } from 'node:fs';
import { CommandFailure, exitCodes } from './failure.ts';

/** `-` is standard input. */
export function readDocument(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read: ${messageOf(error)}.`, exitCodes.wrongUsage, { cause: error });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new CommandFailure(
      `${file} is no JSON: ${messageOf(error)}. Export one with 'schema get' to see the form.`,
      exitCodes.failed,
      { cause: error },
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
