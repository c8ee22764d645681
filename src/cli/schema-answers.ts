// The engine's answers about schemas: findings, changes, versions.
import { z } from 'zod';
import type { SchemaFinding } from '../rules/model/schema.ts';
import type { SchemaChange } from '../rules/schema/diff-schema.ts';
import { understand } from './answers.ts';
import type { JobAnswer } from './answers.ts';
import type { Connection } from './connection.ts';

export const finding: z.ZodType<SchemaFinding> = z.object({
  severity: z.enum(['error', 'warning']),
  path: z.string(),
  code: z.enum(['SchemaInvalid', 'ExpressionInvalid', 'SchemaAttributeNotFound', 'FilterInvalid']),
  message: z.string(),
  remedy: z.string(),
  rule: z.string().nullable(),
  mapping: z.string().nullable(),
  attribute: z.string().nullable(),
  at: z.number().nullable(),
});
export const change: z.ZodType<SchemaChange> = z.object({
  kind: z.enum(['added', 'removed', 'changed']),
  where: z.string(),
  before: z.json(),
  after: z.json(),
});
const trial = z.object({ findings: z.array(finding), changes: z.array(change) });
const versionList = z.object({
  value: z.array(z.object({ version: z.number(), savedAt: z.string(), savedBy: z.string().nullable() })),
});

/** What saving the document would find and change. */
export const tried = async (connection: Connection, { id }: JobAnswer, document: unknown) =>
  understand(trial, await connection.send('POST', `/api/jobs/${encodeURIComponent(id)}/schema/validate`, document));
export const versionsPath = (jobId: string): string => `/api/jobs/${encodeURIComponent(jobId)}/schemaVersions`;
export const versionsOf = async (connection: Connection, jobId: string) =>
  understand(versionList, await connection.send('GET', versionsPath(jobId))).value;

/** What a later version differs in from an earlier one; from the one before it, when none is named. */
export async function changesBetween(
  connection: Connection,
  jobId: string,
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
): Promise<readonly SchemaChange[]> {
  const newest = to ?? (await versionsOf(connection, jobId))[0]?.version ?? 1;
  const query = from === undefined ? '' : `?from=${String(from)}`;
  const answer = await connection.send('GET', `${versionsPath(jobId)}/${String(newest)}/diff${query}`);
  return understand(z.object({ changes: z.array(change) }), answer).changes;
}
