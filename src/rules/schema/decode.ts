// Reading untrusted JSON: what is absent gets its default, what is wrong becomes a finding with its path. Never throws.
import type { KeyValue, SchemaFinding } from '../model/schema.ts';

/** One object of the document and where it stands; findings of the whole document are collected in one list. */
export interface Reader {
  readonly path: string;
  readonly findings: SchemaFinding[];
  readonly members: Readonly<Record<string, unknown>>;
}

export const readerOf = (value: unknown, path: string, findings: SchemaFinding[]): Reader => {
  if (isRecord(value)) return { path, findings, members: value };
  findings.push({ path, code: 'SchemaInvalid', message: `This must be an object, but it is ${described(value)}.` });
  return { path, findings, members: {} };
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const described = (value: unknown): string => {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value).slice(0, 60)}`;
};

export const pathTo = ({ path }: Reader, name: string): string => (path === '' ? name : `${path}.${name}`);

export function report(
  reader: Reader,
  name: string,
  message: string,
  code: SchemaFinding['code'] = 'SchemaInvalid',
): void {
  reader.findings.push({ path: pathTo(reader, name), code, message });
}

const member = ({ members }: Reader, name: string): unknown =>
  Object.hasOwn(members, name) ? (members[name] ?? null) : null;
export const has = ({ members }: Reader, name: string): boolean => Object.hasOwn(members, name);

/** Null when absent. */
export function optionalText(reader: Reader, name: string): string | null {
  const value = member(reader, name);
  if (value === null || typeof value === 'string') return value;
  report(reader, name, `${name} must be a text, but it is ${described(value)}.`);
  return null;
}

/** A text that must be there and not be empty. */
export function requiredText(reader: Reader, name: string): string {
  const before = reader.findings.length;
  const value = optionalText(reader, name);
  if (value !== null && value.trim() !== '') return value;
  if (reader.findings.length === before) report(reader, name, `${name} is missing: give it a value.`);
  return '';
}

export function boolean(reader: Reader, name: string, otherwise: boolean): boolean {
  const value = member(reader, name);
  if (value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  report(reader, name, `${name} must be true or false, but it is ${described(value)}.`);
  return otherwise;
}

/** A whole number from 0. */
export function natural(reader: Reader, name: string, otherwise: number): number {
  const value = member(reader, name);
  if (value === null) return otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  report(reader, name, `${name} must be a whole number from 0, but it is ${described(value)}.`);
  return otherwise;
}

/** One of a closed set, in any case. */
export function oneOf<T extends string>(reader: Reader, name: string, all: readonly T[], otherwise: T): T {
  const text = optionalText(reader, name);
  if (text === null || text.trim() === '') return otherwise;
  const found = all.find((one) => one.toLowerCase() === text.trim().toLowerCase());
  if (found === undefined) report(reader, name, `${name} is "${text}": use one of ${all.join(', ')}.`);
  return found ?? otherwise;
}

/** Flags: a comma-separated text in any case, or a list. `None` and the empty text are no flags. */
export function flags<T extends string>(
  reader: Reader,
  name: string,
  all: readonly T[],
  otherwise: readonly T[],
): readonly T[] {
  const value = member(reader, name);
  if (value === null) return otherwise;
  const given = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(given)) {
    report(reader, name, `${name} must be a text such as "${all.join(',')}", but it is ${described(value)}.`);
    return otherwise;
  }
  const wanted = new Set(
    given.map((flag) => String(flag).trim().toLowerCase()).filter((flag) => flag !== '' && flag !== 'none'),
  );
  const known = all.filter((flag) => wanted.delete(flag.toLowerCase()));
  if (wanted.size > 0) report(reader, name, `${name} holds ${[...wanted].join(', ')}: use ${all.join(', ')}.`);
  return known;
}

/** A list of objects; absent = empty. */
export function objects<T>(reader: Reader, name: string, read: (element: Reader) => T): readonly T[] {
  const value = member(reader, name);
  if (value === null) return [];
  if (!Array.isArray(value)) {
    report(reader, name, `${name} must be a list, but it is ${described(value)}.`);
    return [];
  }
  return value.map((element: unknown, i) =>
    read(readerOf(element, `${pathTo(reader, name)}[${String(i)}]`, reader.findings)),
  );
}

/** Null when absent. */
export function optionalObject(reader: Reader, name: string): Reader | null {
  const value = member(reader, name);
  return value === null ? null : readerOf(value, pathTo(reader, name), reader.findings);
}

/** A list of texts; numbers and booleans are taken by their text. Absent = empty. */
export function textList(reader: Reader, name: string): readonly string[] {
  const value = member(reader, name);
  if (value === null) return [];
  const given: readonly unknown[] = Array.isArray(value) ? value : [{}];
  if (given.every((one) => typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean'))
    return given.map(String);
  report(reader, name, `${name} must be a list of texts, but it is ${described(value)}.`);
  return [];
}

/** Graph's metadata: pairs of key and text. */
export const keyValues = (reader: Reader, name: string): readonly KeyValue[] =>
  objects(reader, name, (pair) => {
    const value = member(pair, 'value');
    const text = typeof value === 'boolean' || typeof value === 'number' ? String(value) : optionalText(pair, 'value');
    return { key: requiredText(pair, 'key'), value: text };
  });
