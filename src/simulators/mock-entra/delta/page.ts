// One page of a delta round: rows up to the page size, members up to the slice size, then the link that goes on.
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { contextOf, type Answer, type Call, type World } from '../http/call.ts';
import { entityType } from '../odata/properties.ts';
import type { Kind } from '../state/changes.ts';
import type { Source } from '../state/collections.ts';
import { hashText } from '../tenant/random.ts';
import { textOf } from '../text.ts';
import type { Faults } from '../faults.ts';
import { readDeltaRequest, sealToken, type DeltaRequest } from './request.ts';
import { rowsOf, type Row } from './rows.ts';

const defaultPageSize = 500;

interface Position {
  readonly row: number;
  readonly member: number;
}
interface Page {
  readonly objects: readonly JsonObject[];
  /** null: the round is complete. */
  readonly next: Position | null;
}

/** Answers `GET /users/delta`, `/groups/delta`, `/applications/delta` and `/servicePrincipals/delta`. */
export function answerDelta(world: World, call: Call, kind: Kind): Answer {
  const request = readDeltaRequest(world, call, kind);
  const preferences = call.headers['prefer'] ?? '';
  const minimal = /\breturn=minimal\b/i.test(preferences);
  const faults = world.faults.current;
  const page =
    request.latest || faults.empty
      ? { objects: [], next: null }
      : pageOf(rowsOf(world.directory, request.round, minimal), request, {
          objects: pageSizeOf(preferences) ?? faults.pageSize ?? defaultPageSize,
          members: faults.memberSliceSize,
        });
  const body = {
    '@odata.context': contextOf(call, fragment(request)),
    ...linkOf(world, call, request, page.next),
    value: disturb(page.objects, faults),
  };
  return { status: 200, body, headers: minimal ? { 'preference-applied': 'return=minimal' } : {} };
}

function pageSizeOf(preferences: string): number | null {
  const size = Number(/\bodata\.maxpagesize=(\d+)/i.exec(preferences)?.[1] ?? 0);
  return size >= 1 ? Math.min(size, 999) : null;
}

function fragment({ round: { kind, select, relations } }: DeltaRequest): string {
  const { set } = entityType(kind);
  return select === null ? set : `${set}(${[...select, ...relations].join(',')})`;
}

function linkOf(world: World, call: Call, request: DeltaRequest, next: Position | null): JsonObject {
  const address = `${call.origin}/${call.version}/${entityType(request.round.kind).set}/delta`;
  if (next === null) return { '@odata.deltaLink': `${address}?$deltatoken=${sealToken(world, request, null)}` };
  const own = world.faults.current.loopNextLink ? call.query.get('$skiptoken') : undefined;
  return { '@odata.nextLink': `${address}?$skiptoken=${own ?? sealToken(world, request, next)}` };
}

interface Limits {
  readonly objects: number;
  readonly members: number;
}

function pageOf(rows: Source<Row>, start: Position, limits: Limits): Page {
  const objects: JsonObject[] = [];
  let { row, member } = start;
  let room = limits.members;
  while (row < rows.size && objects.length < limits.objects && room > 0) {
    const current = rows.at(row);
    const slice = current === null ? null : takeMembers(current.members, member, room);
    if (current !== null && slice !== null) {
      const entries: Json = slice.entries;
      // A later slice that turned out empty would repeat the group for nothing.
      if (member === 0 || entries.length > 0)
        objects.push(entries.length === 0 ? current.object : { ...current.object, 'members@delta': entries });
      room -= entries.length;
    }
    member = slice?.next ?? 0;
    row += member === 0 ? 1 : 0;
  }
  return { objects, next: row < rows.size ? { row, member } : null };
}

interface Slice {
  readonly entries: readonly JsonObject[];
  /** Position of the next slice; 0 when all were taken. */
  readonly next: number;
}

function takeMembers(source: Source<JsonObject>, start: number, room: number): Slice {
  const entries: JsonObject[] = [];
  let position = start;
  for (; position < source.size && entries.length < room; position += 1) {
    const entry = source.at(position);
    if (entry !== null) entries.push(entry);
  }
  return { entries, next: position < source.size ? position : 0 };
}

/** Duplicates and reorders as told. */
function disturb(objects: readonly JsonObject[], { duplicates, reorder }: Faults): readonly JsonObject[] {
  const repeated = duplicates === 0 ? [] : objects.filter((_, i) => i % duplicates === duplicates - 1);
  const all = [...objects, ...repeated];
  if (!reorder) return all;
  return all
    .map((object) => ({ object, key: hashText(textOf(object['id'])) }))
    .sort((a, b) => a.key - b.key)
    .map(({ object }) => object);
}
