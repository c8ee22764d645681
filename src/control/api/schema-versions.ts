// /api/jobs/{id}/schemaVersions, and a schema tried without saving it: what Graph has no word for.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { jobOf } from '../../cycle/use-cases/not-found.ts';
import {
  rollBackSchema,
  schemaVersion,
  schemaVersions,
  trySchema,
  versionChanges,
} from '../../cycle/use-cases/schema-versions.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { ConfigError } from '../../rules/model/errors.ts';
import type { SchemaVersion } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { changeKinds } from '../../rules/schema/diff-schema.ts';
import { writeSchema } from '../../rules/schema/write-schema.ts';
import { synchronizationSchema } from '../graph/resources/schema.ts';
import { SCHEMA_BODY_LIMIT, refusal } from '../graph/schema.ts';
import { actorOf } from '../http/authenticate.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';

export const schemaFinding = z
  .strictObject({
    severity: z.enum(['error', 'warning']),
    path: z.string(),
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    rule: z.string().nullable(),
    mapping: z.string().nullable(),
    attribute: z.string().nullable(),
    at: z.int().nullable(),
  })
  .meta({ id: 'schemaFinding' });
export const schemaChange = z
  .strictObject({ kind: z.enum(changeKinds), where: z.string(), before: z.json(), after: z.json() })
  .meta({ id: 'schemaChange' });
const savedVersion = z
  .strictObject({ version: z.int().min(1), savedAt: z.iso.datetime(), savedBy: z.string().nullable() })
  .meta({ id: 'schemaVersion' });

const VERSION = '/jobs/:jobId/schemaVersions/:version';
export const schemaVersionRoutes = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  '/jobs/:jobId/schema/validate': { POST: validate(deps) },
  '/jobs/:jobId/schemaVersions': { GET: list(deps) },
  [VERSION]: { GET: get(deps) },
  [`${VERSION}/diff`]: { GET: diff(deps) },
  [`${VERSION}/rollback`]: { POST: rollBack(deps) },
});

const jobOfPath = (deps: UseCaseDeps, request: FastifyRequest) => jobOf(deps, param(request, 'jobId'));

const validate = (deps: UseCaseDeps): Operation => ({
  summary: 'Check a schema as saving it would, and say what it changes. Nothing is saved.',
  role: 'reader',
  status: 200,
  answer: z.strictObject({ findings: z.array(schemaFinding), changes: z.array(schemaChange) }),
  bodyLimit: SCHEMA_BODY_LIMIT,
  handle: async (request) => trySchema(deps, await jobOfPath(deps, request), request.body),
});

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List the versions of the schema of a job, newest first. The first one is in force.',
  role: 'reader',
  status: 200,
  answer: z.strictObject({ value: z.array(savedVersion) }),
  handle: async (request) => {
    const versions = await schemaVersions(deps, await jobOfPath(deps, request));
    return { value: versions.map(versionShape) };
  },
});

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show one version of the schema of a job.',
  role: 'reader',
  status: 200,
  answer: savedVersion.safeExtend({ schema: synchronizationSchema }),
  handle: async (request) => {
    const stored = await schemaVersion(deps, await jobOfPath(deps, request), versionOf(request));
    return { ...versionShape(stored), schema: writeSchema(stored.schema) };
  },
});

const diff = (deps: UseCaseDeps): Operation => ({
  summary: 'Say what a version differs in from the one before, or from the version in the query option from.',
  role: 'reader',
  status: 200,
  query: z.object({ from: z.string().optional().describe('Number of a version.') }),
  answer: z.strictObject({ from: z.int(), to: z.int(), changes: z.array(schemaChange) }),
  handle: async (request) => {
    const to = versionOf(request);
    const { from: given } = request.query as Readonly<Record<string, unknown>>;
    const from = given === undefined ? Math.max(to - 1, 1) : versionNumber(given, 'from');
    return { from, to, changes: await versionChanges(deps, await jobOfPath(deps, request), { from, to }) };
  },
});

const rollBack = (deps: UseCaseDeps): Operation => ({
  summary: 'Save an earlier version of the schema as the newest one.',
  role: 'admin',
  status: 200,
  answer: savedVersion,
  handle: async (request) => {
    const result = await rollBackSchema(deps, await jobOfPath(deps, request), versionOf(request), actorOf(request));
    if (!result.ok) throw refusal('The earlier schema was not saved', result.findings);
    return versionShape(result.stored);
  },
});

const versionShape = ({ version, savedAt, savedBy }: SchemaVersion): JsonObject => ({
  version,
  savedAt: savedAt.toISOString(),
  savedBy,
});

const versionOf = (request: FastifyRequest): number => versionNumber(param(request, 'version'), 'version');
function versionNumber(given: unknown, name: string): number {
  if (typeof given === 'string' && /^\d{1,9}$/.test(given)) return Number(given);
  throw new ConfigError(
    'Request_BadRequest',
    `'${String(given)}' is no version of a schema: use a number such as 3.`,
    name,
  );
}
