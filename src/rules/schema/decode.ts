// Reading untrusted JSON: what is absent gets its default, what is wrong becomes a finding with its path. Never throws.
import type { JsonObject } from '../model/json.ts';
import type { KeyValue, Preserving } from '../model/schema.ts';
import { finding } from './finding.ts';
import type { Finding, FindingRest } from './finding.ts';

/** One object of the document and where it stands; findings of the whole document are collected in one list. */
export interface Reader {
  readonly path: string;
  readonly findings: Finding[];
  readonly members: Readonly<Record<string, unknown>>;
}

export const readerOf = (value: unknown, path: string, findings: Finding[]): Reader => {
  if (isRecord(value)) return { path, findings, members: value };
  findings.push(finding(path, `This must be an object, but it is ${described(value)}.`, { remedy: asDocumented }));
  return { path, findings, members: {} };
};

const asDocumented = 'Send the document in the shape in which GET gives it.';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const described = (value: unknown): string => {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value).slice(0, 60)}`;
};

export const pathTo = ({ path }: Reader, name: string): string => (path === '' ? name : `${path}.${name}`);

export function report(reader: Reader, name: string, message: string, rest: FindingRest = {}): void {
  reader.findings.push(finding(pathTo(reader, name), message, rest));
}

const wrongType = (reader: Reader, name: string, wanted: string, value: unknown): void => {
  report(reader, name, `${name} must be ${wanted}, but it is ${described(value)}.`, { remedy: asDocumented });
};

/**
 * The record with the members that it does not name beside it. Annotations of OData are none of the document; members
 * that stand at the default that `writeSchema` gives them are nothing to keep.
 */
export function preserving<T extends object>(reader: Reader, record: T, defaults: JsonObject = {}): T & Preserving {
  const other = Object.entries(reader.members).filter(
    ([name, value]) =>
      !Object.hasOwn(record, uncapitalized(name)) &&
      !name.includes('@') &&
      !isDefault(defaults, uncapitalized(name), value),
  );
  return other.length === 0 ? record : { ...record, other: Object.fromEntries(other) as JsonObject };
}

const isDefault = (defaults: JsonObject, name: string, value: unknown): boolean =>
  Object.hasOwn(defaults, name) && JSON.stringify(defaults[name]) === JSON.stringify(value);

// Entra's own metadata and older tools spell members with a capital: `AttributeMappings`. Nothing of that may be lost.
const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const uncapitalized = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const spelled = ({ members }: Reader, name: string): string =>
  Object.hasOwn(members, name) ? name : capitalized(name);

const member = (reader: Reader, name: string): unknown =>
  has(reader, name) ? (reader.members[spelled(reader, name)] ?? null) : null;
export const has = (reader: Reader, name: string): boolean => Object.hasOwn(reader.members, spelled(reader, name));

/** Null when absent. */
export function optionalText(reader: Reader, name: string): string | null {
  const value = member(reader, name);
  if (value === null || typeof value === 'string') return value;
  wrongType(reader, name, 'a text', value);
  return null;
}

/** A text that must be there and not be empty. */
export function requiredText(reader: Reader, name: string): string {
  const before = reader.findings.length;
  const value = optionalText(reader, name);
  if (value !== null && value.trim() !== '') return value;
  if (reader.findings.length === before)
    report(reader, name, `${name} is missing.`, { remedy: `Give ${name} a value.` });
  return '';
}

export function boolean(reader: Reader, name: string, otherwise: boolean): boolean {
  const value = member(reader, name);
  if (value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  wrongType(reader, name, 'true or false', value);
  return otherwise;
}

/** A whole number from 0. */
export function natural(reader: Reader, name: string, otherwise: number): number {
  const value = member(reader, name);
  if (value === null) return otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  wrongType(reader, name, 'a whole number from 0', value);
  return otherwise;
}

/** One of a closed set, in any case. */
export function oneOf<T extends string>(reader: Reader, name: string, all: readonly T[], otherwise: T): T {
  const text = optionalText(reader, name);
  if (text === null || text.trim() === '') return otherwise;
  const found = all.find((one) => one.toLowerCase() === text.trim().toLowerCase());
  if (found === undefined)
    report(reader, name, `${name} is "${text}", which does not exist.`, { remedy: `Use one of ${all.join(', ')}.` });
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
    wrongType(reader, name, `a text such as "${all.join(',')}"`, value);
    return otherwise;
  }
  const wanted = new Set(
    given.map((flag) => String(flag).trim().toLowerCase()).filter((flag) => flag !== '' && flag !== 'none'),
  );
  const known = all.filter((flag) => wanted.delete(flag.toLowerCase()));
  if (wanted.size > 0)
    report(reader, name, `${name} holds ${[...wanted].join(', ')}.`, { remedy: `Use ${all.join(', ')}.` });
  return known;
}

/** A list of objects; absent = empty. */
export function objects<T>(reader: Reader, name: string, read: (element: Reader) => T): readonly T[] {
  const value = member(reader, name);
  if (value === null) return [];
  if (!Array.isArray(value)) {
    wrongType(reader, name, 'a list', value);
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
  wrongType(reader, name, 'a list of texts', value);
  return [];
}

/** Graph's metadata: pairs of key and text. */
export const keyValues = (reader: Reader, name: string): readonly KeyValue[] =>
  objects(reader, name, (pair) => {
    const value = member(pair, 'value');
    const text = typeof value === 'boolean' || typeof value === 'number' ? String(value) : optionalText(pair, 'value');
    return preserving(pair, { key: requiredText(pair, 'key'), value: text });
  });
