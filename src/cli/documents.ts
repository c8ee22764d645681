// Documents that people write by hand, in YAML or JSON: what is wrong in them is told with file and line.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, isMap, isNode, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document as YamlDocument, Node } from 'yaml';
import { CommandFailure, exitCodes } from './failure.ts';

export interface WrittenDocument {
  readonly file: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** `file:line` of the member at a path, or of the nearest one above it. */
  placeOf(path: readonly string[]): string;
}

/** One file, standard input (`-`), or all of a directory, in the order of their names. Throws CommandFailure. */
export function readDocuments(path: string): readonly WrittenDocument[] {
  const files = path === '-' ? ['-'] : filesOf(path);
  if (files.length === 0)
    throw new CommandFailure(`${path} has no file that ends in .yaml, .yml or .json.`, exitCodes.wrongUsage);
  return files.map(readWritten);
}

function filesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => /\.(ya?ml|json)$/i.test(name));
    return names.sort().map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readWritten(file: string): WrittenDocument {
  const lines = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: lines, prettyErrors: false });
  const [wrong] = document.errors;
  if (wrong !== undefined)
    throw new CommandFailure(`${file}:${String(lines.linePos(wrong.pos[0]).line)}: ${sentence(wrong.message)}`);
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CommandFailure(`${file}:1: This is no document of members and values. 'export' shows the form.`);
  return {
    file,
    value: value as Readonly<Record<string, unknown>>,
    placeOf: (path) => `${file}:${String(lines.linePos(offsetOf(document, path)).line)}`,
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw unreadable(file, error);
  }
}

const unreadable = (path: string, error: unknown): CommandFailure =>
  new CommandFailure(
    `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    exitCodes.wrongUsage,
    { cause: error },
  );
const sentence = (message: string): string => (message.endsWith('.') ? message : `${message}.`);

/** Where the last member of the path begins that is there. */
function offsetOf(document: YamlDocument.Parsed, path: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? startOf(node) : 0;
  for (const step of path) {
    const next = memberOf(node, step);
    if (next === null) break;
    node = next.value;
    offset = next.offset;
  }
  return offset;
}

function memberOf(node: unknown, step: string): { readonly value: unknown; readonly offset: number } | null {
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return isNode(value) ? { value, offset: startOf(value) } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((each) => isPair(each) && isScalar(each.key) && String(each.key.value) === step);
  return pair !== undefined && isScalar(pair.key) ? { value: pair.value, offset: startOf(pair.key) } : null;
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;
