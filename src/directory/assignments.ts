// Who is assigned to one application, read to the end each time: Graph has no delta for it.
import type { JsonObject } from '../rules/model/json.ts';
import type { DirectoryServicePrincipal, MirrorAssignment } from '../rules/model/mirror.ts';
import type { AppRole } from '../rules/model/source-object.ts';
import { batchGet } from './batch.ts';
import type { GraphSession } from './client.ts';
import { incomplete, meaningOf, refused } from './errors.ts';
import type { Run } from './evidence.ts';
import { readToEnd } from './listing.ts';
import { isImplausible } from './plausible.ts';
import { objectsAt, textAt } from './shape.ts';

const pathOf = (servicePrincipalId: string): string => `/servicePrincipals/${encodeURIComponent(servicePrincipalId)}`;

/** `null` when the directory says that it does not exist. */
export const readServicePrincipal = (session: GraphSession, id: string): Promise<DirectoryServicePrincipal | null> =>
  readAt(session, pathOf(id));

/** The same by the id of its application; quotes are doubled as OData wants it. */
export const readServicePrincipalByAppId = (
  session: GraphSession,
  appId: string,
): Promise<DirectoryServicePrincipal | null> =>
  readAt(session, `/servicePrincipals(appId='${encodeURIComponent(appId.replaceAll("'", "''"))}')`);

/** The same by the object id of its application. */
export async function readServicePrincipalOfApplication(
  session: GraphSession,
  id: string,
): Promise<DirectoryServicePrincipal | null> {
  const path = `/applications/${encodeURIComponent(id)}`;
  const answer = await session.get(`${path}?$select=id,appId`);
  if (!answer.ok) {
    if (meaningOf(answer.refusal) === 'not-found') return null;
    throw refused(`GET /v1.0${path}`, answer.refusal);
  }
  const appId = textAt(answer.body, 'appId');
  if (appId === null) throw incomplete(`The application ${id} was sent without its appId`);
  return readServicePrincipalByAppId(session, appId);
}

const properties = 'id,appId,displayName,appRoles,applicationTemplateId';

/** Those with exactly this display name. */
export async function readServicePrincipalsNamed(
  session: GraphSession,
  displayName: string,
): Promise<readonly DirectoryServicePrincipal[]> {
  const filter = encodeURIComponent(`displayName eq '${displayName.replaceAll("'", "''")}'`);
  const answer = await session.get(`/servicePrincipals?$filter=${filter}&$select=${properties}`);
  if (!answer.ok) throw refused('GET /v1.0/servicePrincipals', answer.refusal);
  return (objectsAt(answer.body, 'value') ?? []).map(servicePrincipalOf);
}

async function readAt(session: GraphSession, path: string): Promise<DirectoryServicePrincipal | null> {
  const answer = await session.get(`${path}?$select=${properties}`);
  if (answer.ok) return servicePrincipalOf(answer.body);
  if (meaningOf(answer.refusal) === 'not-found') return null;
  throw refused(`GET /v1.0${path}`, answer.refusal);
}

function servicePrincipalOf(body: JsonObject): DirectoryServicePrincipal {
  const id = textAt(body, 'id');
  const appId = textAt(body, 'appId');
  if (id === null || appId === null)
    throw incomplete(`The service principal ${String(id)} was sent without its id or appId`);
  const appRoles = (objectsAt(body, 'appRoles') ?? []).map((role) => appRoleOf(id, role));
  return {
    id,
    appId,
    displayName: textAt(body, 'displayName') ?? '',
    appRoles,
    applicationTemplateId: textAt(body, 'applicationTemplateId'),
  };
}

function appRoleOf(servicePrincipalId: string, role: JsonObject): AppRole {
  const id = textAt(role, 'id');
  if (id === null)
    throw incomplete(`An app role of the service principal ${servicePrincipalId} was sent without its id`);
  const displayName = textAt(role, 'displayName') ?? '';
  return { id, value: textAt(role, 'value'), displayName, isEnabled: role['isEnabled'] !== false };
}

/** An application that was deleted keeps its assignments in the mirror: nothing was said about each of them. */
export async function readAssignments(run: Run, servicePrincipalId: string): Promise<void> {
  const servicePrincipal = await readServicePrincipal(run.session, servicePrincipalId);
  const path = `${pathOf(servicePrincipalId)}/appRoleAssignedTo`;
  const listed = servicePrincipal === null ? null : await readToEnd(run.session, `${path}?$top=999`);
  if (servicePrincipal === null || listed === null) {
    run.log.warn(
      { servicePrincipalId },
      'the directory does not know this service principal; its assignments stay as they were',
    );
    return;
  }
  await run.mirror.saveServicePrincipal(run.tenantId, servicePrincipal);
  const missing = await run.mirror.saveAssignments(run.tenantId, servicePrincipalId, uniqueAssignments(listed));
  if (missing.length > 0) await dropWhatIsGone(run, servicePrincipalId, missing, missing.length + listed.length);
}

function uniqueAssignments(listed: readonly JsonObject[]): readonly MirrorAssignment[] {
  return [...new Map(listed.map(assignmentOf).map((assignment) => [assignment.id, assignment])).values()];
}

function assignmentOf(entry: JsonObject): MirrorAssignment {
  const id = textAt(entry, 'id');
  const principalId = textAt(entry, 'principalId');
  const principalType = textAt(entry, 'principalType');
  const appRoleId = textAt(entry, 'appRoleId');
  if (id === null || principalId === null || appRoleId === null || !isPrincipalType(principalType))
    throw incomplete(`Microsoft Graph sent an assignment that lacks its id, principal or role: ${String(id)}`);
  return { id, principalId, principalType, appRoleId };
}

/** Those whose own id is not found. */
async function notFoundAmong(
  { session }: Run,
  servicePrincipalId: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const path = `${pathOf(servicePrincipalId)}/appRoleAssignedTo`;
  const answers = await batchGet(
    session,
    ids.map((id) => `${path}/${encodeURIComponent(id)}`),
  );
  return ids.filter((_, i) => answers[i]?.found === false);
}

const isPrincipalType = (type: string | null): type is MirrorAssignment['principalType'] =>
  type === 'User' || type === 'Group' || type === 'ServicePrincipal';

async function dropWhatIsGone(
  run: Run,
  servicePrincipalId: string,
  missing: readonly string[],
  of: number,
): Promise<void> {
  const gone = await notFoundAmong(run, servicePrincipalId, missing);
  if (isImplausible(gone.length, of) && (await notFoundAmong(run, servicePrincipalId, gone)).length < gone.length)
    throw incomplete(
      `Microsoft Graph said that ${String(gone.length)} of ${String(of)} assignments of the service principal ${servicePrincipalId} do not exist, and said otherwise when it was asked again`,
    );
  if (gone.length > 0) await run.mirror.dropAssignments(run.tenantId, servicePrincipalId, gone);
  const kept = missing.length - gone.length;
  if (kept > 0)
    run.log.warn({ servicePrincipalId, kept }, 'the list of assignments left out some that still exist; they are kept');
}
