// Owners whose references may differ from what was last written: groups for their members, users for their manager.
import { Prisma } from '../generated/client.ts';
import type { CycleScope } from './cycle-scope.ts';
import { groupsAboveChanges } from './group-work.ts';

/** Only linked owners that are live and active: references of anything else are left alone. */
export const ownersOfChangedReferences = (scope: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT l.source_id AS id FROM (${scope.initial ? allOwners(scope) : Prisma.join([changedOwners(scope), ...groupsAboveChanges(scope)], ' UNION ')}) AS owner(id)
  JOIN link l ON l.job_id = ${scope.jobId} AND l.source_id = owner.id AND l.state = 'active'
  JOIN directory_object o ON o.tenant_id = ${scope.tenantId} AND o.id = l.source_id AND o.presence = 'live'`;

/** Whatever path the manager is written to: its last segment names it. */
const allOwners = ({ jobId, tenantId }: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT source_id FROM link WHERE job_id = ${jobId} AND type = 'Group'
  UNION
  SELECT l.source_id FROM link l
  JOIN directory_object o ON o.tenant_id = ${tenantId} AND o.id = l.source_id
  WHERE l.job_id = ${jobId} AND l.type = 'User'
    AND (o.manager_id IS NOT NULL
         OR EXISTS (SELECT 1 FROM jsonb_object_keys(l.known) AS path WHERE path ILIKE '%manager%'))`;

/**
 * Changed in the mirror; or noted when it, a member or its manager was linked; or waiting for an account that is there
 * now; or failed, and due again; or with a member in escrow who changed since.
 */
const changedOwners = ({ jobId, tenantId, from, to, at }: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT id FROM directory_object
  WHERE tenant_id = ${tenantId} AND type = 'User' AND version > ${from} AND version <= ${to}
  UNION
  SELECT report.id FROM directory_object report
  JOIN directory_object manager ON manager.tenant_id = report.tenant_id AND manager.id = report.manager_id
  WHERE report.tenant_id = ${tenantId} AND manager.presence = 'hard-deleted'
    AND manager.version > ${from} AND manager.version <= ${to}
  UNION
  SELECT group_id FROM directory_membership WHERE tenant_id = ${tenantId} AND version > ${from} AND version <= ${to}
  UNION
  SELECT source_id FROM link WHERE job_id = ${jobId} AND references_due
  UNION
  SELECT r.owner_id FROM pending_reference r
  JOIN link there ON there.job_id = r.job_id AND there.source_id = r.referenced_id
  WHERE r.job_id = ${jobId}
  UNION
  SELECT source_id FROM escrow WHERE job_id = ${jobId} AND subject <> 'object' AND next_retry <= ${at}
  UNION
  SELECT e.source_id FROM escrow e
  JOIN directory_object o ON o.tenant_id = ${tenantId} AND e.subject = 'members/' || o.id
  WHERE e.job_id = ${jobId} AND e.subject LIKE 'members/%' AND o.version > ${from} AND o.version <= ${to}`;
