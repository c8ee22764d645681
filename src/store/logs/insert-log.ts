// Writes entries of the provisioning log: the whole entry as JSON, and as columns what it is searched by.
import type { LogEntry } from '../../rules/model/log.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';

export async function insertLog(tx: Tx, entries: readonly LogEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO provisioning_log (id, at, tenant_id, job_id, cycle_id, change_id, service_principal_id, action, status,
                                  error_code, source_id, source_name, target_id, target_name, entry)
    SELECT e ->> 'id', (e ->> 'activityDateTime')::timestamptz, e ->> 'tenantId', e ->> 'jobId', e ->> 'cycleId',
           e ->> 'changeId', e #>> '{servicePrincipal,id}', e ->> 'provisioningAction', e ->> 'status',
           e #>> '{error,errorCode}', e #>> '{sourceIdentity,id}', e #>> '{sourceIdentity,displayName}',
           e #>> '{targetIdentity,id}', e #>> '{targetIdentity,displayName}', e
    FROM jsonb_array_elements(${json(entries)}::jsonb) AS e`;
  await tellFeed(tx, entries);
}

async function tellFeed(tx: Tx, entries: readonly LogEntry[]): Promise<void> {
  const times = entries.map(({ activityDateTime }) => activityDateTime.getTime());
  const oldest = new Date(times.reduce((a, b) => Math.min(a, b)));
  const newest = new Date(times.reduce((a, b) => Math.max(a, b)));
  await tx.$executeRaw`
    INSERT INTO log_feed (oldest, newest, log_ids) VALUES (${oldest}, ${newest}, ${entries.map(({ id }) => id)}::text[])`;
}
