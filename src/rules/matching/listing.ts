// Reading all accounts of a target page by page: what a page says about where to go on, and whether the list can be
// believed. Totals lie, start indexes are ignored, rows move while others are read: what cannot be checked is not believed.
import type { ObjectRule } from '../mapping/compile.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Listing, ListedEntry } from '../model/records.ts';
import type { TargetResource } from '../model/target.ts';
import { writtenPaths } from '../planning/plan-object.ts';
import { applyOperations } from '../scim/apply.ts';
import { knownFrom } from '../scim/build.ts';
import { pathOf } from '../scim/path.ts';
import { readPath } from '../scim/read-path.ts';
import { foundUnder } from './same-text.ts';

export interface ListedPage {
  readonly resources: readonly TargetResource[];
  /** As the target says; not to be trusted. */
  readonly total: number;
  readonly nextCursor: string | null;
}
export interface JudgedPage {
  /** Resources that were not on the page before. */
  readonly fresh: readonly TargetResource[];
  readonly next: 'more' | 'end' | 'disordered';
  readonly position: string;
  readonly lastId: string | null;
}

/** Where a listing by `startIndex` begins, and one by cursor. */
export const firstPosition = { index: '1', cursor: '' } as const;

/**
 * By index, every page but the first begins with the last resource of the one before: where it does not, the target
 * ignores the index, or its rows have moved, and something may be missing.
 */
export function judgePage(at: Listing, page: ListedPage, paging: 'index' | 'cursor'): JudgedPage {
  return paging === 'index' ? judgeByIndex(at, page) : judgeByCursor(at, page);
}

function judgeByIndex({ lastId, received }: Listing, { resources, total }: ListedPage): JudgedPage {
  const fresh = lastId === null ? resources : resources.slice(1);
  const overlaps = lastId === null || resources[0]?.id === lastId;
  const ended = fresh.length === 0;
  const known = received + fresh.length;
  return {
    fresh,
    next: !overlaps || (ended && total > known) ? 'disordered' : ended ? 'end' : 'more',
    position: String(known),
    lastId: fresh.at(-1)?.id ?? lastId,
  };
}

function judgeByCursor({ position, received }: Listing, { resources, total, nextCursor }: ListedPage): JudgedPage {
  const ended = nextCursor === null;
  const short = ended && total > received + resources.length;
  return {
    fresh: resources,
    next: short || nextCursor === position ? 'disordered' : ended ? 'end' : 'more',
    position: nextCursor ?? position,
    lastId: resources.at(-1)?.id ?? null,
  };
}

/** So few objects are looked up one by one. */
const FEWEST_TO_MATCH = 50;
/** A listing costs at most this part of the requests that look-ups would. */
const LARGEST_SHARE = 0.5;

/** A listing is kept for the time of a cycle: accounts that are found by what nobody may see are looked up. */
export const isWorthListing = ({ matching }: ObjectRule, toMatch: number): boolean =>
  toMatch >= FEWEST_TO_MATCH && !matching.some(({ redacted }) => redacted);

/** Judged by its first page, as far as the total can be trusted, and by what it has cost. */
export function staysWorthwhile({ requests }: Listing, { resources, total }: ListedPage, toMatch: number): boolean {
  const expected = total / Math.max(1, resources.length - 1);
  return requests <= toMatch * LARGEST_SHARE && (requests > 1 || expected <= toMatch * LARGEST_SHARE);
}

/** What is kept of a resource: attributes that are mapped or matched and may be seen, and the values it can be found by. */
export function listedEntry(rule: ObjectRule, { id, attributes }: TargetResource): ListedEntry {
  const kept = new Set(topLevelNames(rule));
  return {
    id,
    attributes: withoutSecrets(
      rule,
      Object.fromEntries(Object.entries(attributes).filter(([name]) => kept.has(name.toLowerCase()))),
    ),
    values: rule.matching.flatMap(({ targetPath }) =>
      foundUnder(readPath(attributes, targetPath)).map((value) => ({ path: targetPath, value })),
    ),
  };
}

const withoutSecrets = ({ mappings }: ObjectRule, attributes: JsonObject): JsonObject =>
  applyOperations(
    attributes,
    mappings.filter(({ redacted }) => redacted).map(({ targetPath: path }) => ({ op: 'remove', path })),
  );

function topLevelNames({ mappings, references }: ObjectRule): readonly string[] {
  return [...mappings, ...references].map(({ targetPath }) => {
    const { schema, attribute } = pathOf(targetPath);
    return (schema ?? attribute).toLowerCase();
  });
}

/** Whether a listing leaves out what a read by id shows: then accounts are read before they are taken over. */
export function leavesOut(rule: ObjectRule, listed: JsonObject, read: JsonObject): boolean {
  const paths = writtenPaths(rule);
  const there = knownFrom(listed, paths);
  return Object.entries(knownFrom(read, paths)).some(([path, value]) => isEmpty(there[path]) && !isEmpty(value));
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
