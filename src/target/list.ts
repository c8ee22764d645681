// One page of all resources of a type. What to make of it is for the caller to judge: totals and positions lie.
import type { JsonObject } from '../rules/model/json.ts';
import type { ListedPage } from '../rules/matching/listing.ts';
import type { Dialect, ResourceType, TargetResource } from '../rules/model/target.ts';
import type { Answer } from './answer.ts';
import { done, refused } from './answer.ts';
import type { Connection } from './connection.ts';
import { incompatible } from './connection.ts';
import { askForList } from './find.ts';
import { idOf } from './scim-reply.ts';

/** `position` is a 1-based index or a cursor, as the dialect pages; members of groups are left out. */
export async function list(
  connection: Connection,
  { paging, pageSize }: Dialect,
  type: ResourceType,
  position: string,
): Promise<Answer<ListedPage>> {
  const doing = `list ${type.toLowerCase()}s from ${position === '' ? 'the beginning' : position}`;
  const where: Record<string, string> = paging === 'cursor' ? { cursor: position } : { startIndex: position };
  const answer = await askForList(connection, type, { ...where, count: String(pageSize) }, doing);
  if (!answer.ok) return answer;
  const resources = answer.value.resources.map(asResource);
  const identified = resources.filter((one) => one !== null);
  if (identified.length < resources.length)
    return refused(incompatible(doing, 'the application answered a resource without id'));
  return done({ resources: identified, total: answer.value.total, nextCursor: answer.value.nextCursor });
}

function asResource(attributes: JsonObject): TargetResource | null {
  const id = idOf(attributes);
  return id === null ? null : { id, attributes };
}
