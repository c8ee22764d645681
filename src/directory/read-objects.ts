// Chosen objects, read into the mirror as they are now: attributes, manager, groups of a user, and who is assigned.
import type { MirrorObject, MirrorTombstone } from '../rules/model/mirror.ts';
import type { DeltaResource } from '../rules/model/mirror.ts';
import type { ObjectType } from '../rules/model/source-object.ts';
import { readAssignments } from './assignments.ts';
import { batchGet } from './batch.ts';
import { evidenceOf } from './evidence.ts';
import type { Run } from './evidence.ts';
import { readGroupIds } from './members.ts';
import { readDeltaPage } from './page.ts';

export interface ObjectsRead {
  readonly tenantId: string;
  readonly select: Readonly<Record<ObjectType, readonly string[]>>;
  readonly servicePrincipalId: string;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** Answers how many requests it took. Throws SystemError; then the mirror stays as it was, or has a part of it. */
export async function readObjects(run: Run, request: ObjectsRead): Promise<{ readonly requests: number }> {
  const { mirror, tenantId, session } = run;
  const asOf = await mirror.version(tenantId);
  const users = await found(run, 'users', request.users, request.select.User);
  const groups = await found(run, 'groups', request.groups, request.select.Group);
  await mirror.saveFound(tenantId, asOf, {
    objects: [...users.objects, ...groups.objects],
    tombstones: [...users.tombstones, ...groups.tombstones],
  });
  for (const { id } of users.objects) await readGroupsOf(run, asOf, id);
  await readAssignments(run, request.servicePrincipalId);
  return { requests: session.requests };
}

interface Found {
  readonly objects: readonly MirrorObject[];
  readonly tombstones: readonly MirrorTombstone[];
}

/** What is not there is gone only when its own id says so: in the deleted items, or nowhere. */
async function found(
  run: Run,
  resource: DeltaResource,
  ids: readonly string[],
  selected: readonly string[],
): Promise<Found> {
  const answers = await batchGet(
    run.session,
    ids.map((id) => pathOf(resource, id, selected)),
  );
  const values = answers.flatMap((answer) => (answer.found ? [answer.body] : []));
  const missing = ids.filter((_, index) => answers[index]?.found === false);
  const { tombstones } = await evidenceOf(run.session, resource, missing);
  const { objects } = readDeltaPage({ resource, round: 'full', selected, values });
  return { objects, tombstones };
}

function pathOf(resource: DeltaResource, id: string, selected: readonly string[]): string {
  const properties = ['id', ...selected.filter((name) => name !== 'manager' && name !== 'members' && name !== 'id')];
  const manager = resource === 'users' ? '&$expand=manager($select=id)' : '';
  return `/${resource}/${encodeURIComponent(id)}?$select=${properties.map(encodeURIComponent).join(',')}${manager}`;
}

async function readGroupsOf(run: Run, asOf: number, userId: string): Promise<void> {
  const ids = await readGroupIds(run.session, userId);
  if (ids !== null) await run.mirror.replaceGroupsOf(run.tenantId, asOf, userId, ids);
}
