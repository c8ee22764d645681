// The work of each phase of a cycle: which objects of the mirror it must look at, as a query for their ids.
// An incremental cycle looks at what changed in the mirror after its watermark, and at nothing else.
import { Prisma } from '../generated/client.ts';
import type { CyclePhase } from '../../rules/model/job.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { CycleScope } from './cycle-scope.ts';
import { usersByTheirGroups } from './group-work.ts';
import { ownersOfChangedReferences } from './reference-work.ts';
import { movedByTime } from './time-work.ts';

/** A query with one column `id`; `null` for a phase without pages. */
export function workOf(phase: CyclePhase, scope: CycleScope): Prisma.Sql | null {
  switch (phase) {
    case 'leavers':
      return mayLeave(scope);
    case 'deprovision':
      return Prisma.sql`SELECT source_id AS id FROM staged_deletion WHERE cycle_id = ${scope.cycleId}`;
    case 'users':
      return notDecided(objectsOf('User', scope), scope);
    case 'groups':
      return notDecided(objectsOf('Group', scope), scope);
    case 'escrow':
      return dueEscrows(scope);
    case 'references':
      return ownersOfChangedReferences(scope);
    case 'refresh':
    case 'done':
      return null;
  }
}

/**
 * What the phases after this one are expected to look at, so that progress does not fall back when they are cut. Who will
 * be linked is not known yet: in an initial cycle every live group and every user with a manager counts as an owner.
 */
export function stillToCome(phase: CyclePhase, scope: CycleScope): Prisma.Sql {
  if (scope.onDemand) return nothing;
  const likely = scope.initial && ['leavers', 'deprovision', 'users'].includes(phase);
  const references = likely ? likelyOwners(scope) : ownersOfChangedReferences(scope);
  switch (phase) {
    case 'leavers':
    case 'deprovision':
      return Prisma.sql`
        ((${objectsOf('User', scope)}) UNION ALL (${objectsOf('Group', scope)})
         EXCEPT ALL ${deprovisioned(scope.cycleId)}) UNION ALL (${references})`;
    case 'users':
      return Prisma.sql`(${objectsOf('Group', scope)}) UNION ALL (${references})`;
    case 'groups':
    case 'escrow':
      return references;
    case 'refresh':
    case 'references':
    case 'done':
      return nothing;
  }
}

const nothing = Prisma.sql`SELECT NULL WHERE false`;

const likelyOwners = ({ tenantId }: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT id FROM directory_object
  WHERE tenant_id = ${tenantId} AND presence = 'live' AND (type = 'Group' OR manager_id IS NOT NULL)`;

/**
 * Objects that have, or may have, an account to lose: all of them in an initial cycle, else what changed, what is due again
 * after a failure, what was approved, and what an earlier cycle found and did not decide.
 */
function mayLeave(scope: CycleScope): Prisma.Sql {
  const { jobId } = scope;
  const accounts = Prisma.sql`
    SELECT source_id FROM link WHERE job_id = ${jobId}
    UNION SELECT source_id FROM former_link WHERE job_id = ${jobId}
    UNION SELECT source_id FROM intent WHERE job_id = ${jobId}`;
  if (scope.initial) return Prisma.sql`SELECT source_id AS id FROM (${accounts}) AS account`;
  const sources = [
    changed('User', scope),
    changed('Group', scope),
    dueAgain(scope),
    approved(scope),
    Prisma.sql`SELECT source_id FROM staged_deletion WHERE job_id = ${jobId}`,
  ];
  return Prisma.sql`
    SELECT source_id AS id FROM (${accounts}) AS account WHERE source_id IN (${Prisma.join(sources, ' UNION ')})`;
}

/** A failed attempt is repeated when its retry is due, not before. */
const approved = ({ jobId }: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT h.source_id FROM held_deletion h
  WHERE h.job_id = ${jobId} AND h.subject = 'object' AND h.decision = 'approved'
    AND NOT EXISTS (SELECT 1 FROM escrow e WHERE e.job_id = h.job_id AND e.source_id = h.source_id AND e.subject = 'object')`;

/** Those whom the phase for leavers looked at. */
export const deprovisioned = (cycleId: string): Prisma.Sql => Prisma.sql`
  SELECT unnest(object_ids) FROM page WHERE cycle_id = ${cycleId} AND phase = 'deprovision'`;

const notDecided = (objects: Prisma.Sql, { cycleId }: CycleScope): Prisma.Sql =>
  Prisma.sql`(${objects}) EXCEPT ${deprovisioned(cycleId)}`;

/** Objects that are gone and were never linked, nor meant to be, have nothing to deprovision. */
function objectsOf(type: ObjectType, scope: CycleScope): Prisma.Sql {
  return Prisma.sql`
    SELECT o.id FROM directory_object o
    WHERE o.tenant_id = ${scope.tenantId} AND o.type = ${type}
      AND (o.presence = 'live'
           OR EXISTS (SELECT 1 FROM link l WHERE l.job_id = ${scope.jobId} AND l.source_id = o.id)
           OR EXISTS (SELECT 1 FROM former_link f WHERE f.job_id = ${scope.jobId} AND f.source_id = o.id)
           OR EXISTS (SELECT 1 FROM intent i WHERE i.job_id = ${scope.jobId} AND i.source_id = o.id))
      ${scope.initial ? Prisma.empty : Prisma.sql`AND o.id IN (${changed(type, scope)})`}`;
}

function changed(type: ObjectType, scope: CycleScope): Prisma.Sql {
  const sources = [
    changedObjects(type, scope),
    newlyAssigned(type, scope),
    holdersOfChangedRoles(type, scope),
    ...(type === 'User' ? usersByTheirGroups(scope) : []),
    ...(type === 'User' && scope.reads.manager ? [reportsOfLostManagers(scope)] : []),
    ...movedByTime(type, scope),
    toRevisit(type, scope),
  ];
  return Prisma.join(sources, ' UNION ');
}

const changedObjects = (type: ObjectType, { tenantId, from, to }: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT id FROM directory_object
  WHERE tenant_id = ${tenantId} AND type = ${type} AND version > ${from} AND version <= ${to}`;

/** Assigned or unassigned: the version changes with both. */
const newlyAssigned = (
  type: ObjectType,
  { tenantId, servicePrincipalId, from, to }: CycleScope,
): Prisma.Sql => Prisma.sql`
  SELECT principal_id FROM directory_assignment
  WHERE tenant_id = ${tenantId} AND service_principal_id = ${servicePrincipalId} AND principal_type = ${type}
    AND version > ${from} AND version <= ${to}`;

/** A role got another name or value: mappings and filters read both. */
const holdersOfChangedRoles = (
  type: ObjectType,
  { tenantId, servicePrincipalId, from, to }: CycleScope,
): Prisma.Sql => Prisma.sql`
  SELECT a.principal_id FROM directory_service_principal s
  JOIN directory_assignment a ON a.tenant_id = s.tenant_id AND a.service_principal_id = s.id
  WHERE s.tenant_id = ${tenantId} AND s.id = ${servicePrincipalId} AND s.roles_version > ${from} AND s.roles_version <= ${to}
    AND a.principal_type = ${type} AND a.present`;

const reportsOfLostManagers = ({ tenantId, from, to }: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT report.id FROM directory_object report
  JOIN directory_object manager ON manager.tenant_id = report.tenant_id AND manager.id = report.manager_id
  WHERE report.tenant_id = ${tenantId} AND manager.presence = 'hard-deleted'
    AND manager.presence_version > ${from} AND manager.presence_version <= ${to}`;

/** Linked or unlinked by hand since. */
const toRevisit = (type: ObjectType, { jobId, tenantId }: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT r.source_id FROM revisit r
  JOIN directory_object o ON o.tenant_id = ${tenantId} AND o.id = r.source_id
  WHERE r.job_id = ${jobId} AND o.type = ${type}`;

/**
 * Objects whose retry is due and that this cycle has not looked at anyway. Failed references are retried as references,
 * unless the account of the owner itself was gone.
 */
const dueEscrows = (scope: CycleScope): Prisma.Sql => Prisma.sql`
  ${dueAgain(scope)}
  EXCEPT SELECT unnest(object_ids) FROM page WHERE cycle_id = ${scope.cycleId} AND phase <> 'leavers'`;

const dueAgain = ({ jobId, at }: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT source_id AS id FROM escrow
  WHERE job_id = ${jobId} AND (subject = 'object' OR code = 'InvalidAnchor') AND next_retry <= ${at}`;
