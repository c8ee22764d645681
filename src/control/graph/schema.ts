// …/jobs/{id}/schema and …/templates/{id}/schema: documents in Graph's synchronizationSchema.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { putSchema, resetSchema } from '../../cycle/use-cases/schema.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { writeSchema } from '../../rules/schema/write-schema.ts';
import type { SchemaFinding } from '../../rules/model/schema.ts';
import { actorOf } from '../http/authenticate.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { Problem } from '../http/problem.ts';
import type { ProblemDetail } from '../http/problem.ts';
import { entity, entityOf } from './collection.ts';
import { jobOfPath } from './jobs.ts';
import { contextUrl } from './paths.ts';
import { synchronizationSchema } from './resources/schema.ts';
import { schemaOfJob, schemaOfTemplate } from './schema-of-path.ts';
import type { PlacedSchema } from './schema-of-path.ts';

/** Schemas with discovered directories are large documents. */
export const SCHEMA_BODY_LIMIT = 10 * 1024 * 1024;

export function schemaRoutes(deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> {
  return {
    [`${root}/jobs/:jobId/schema`]: {
      GET: get('Show the schema of a job.', (request) => schemaOfJob(deps, request)),
      PUT: save(deps, 'Replace the schema of a job.'),
      // Generated clients send PATCH for the same thing.
      PATCH: save(deps, 'Replace the schema of a job, as PUT does.'),
      DELETE: reset(deps),
    },
    [`${root}/templates/:templateId/schema`]: {
      GET: get('Show the schema of a template.', (request) => schemaOfTemplate(deps, request)),
    },
  };
}

const get = (summary: string, read: (request: FastifyRequest) => Promise<PlacedSchema>): Operation => ({
  summary,
  role: 'reader',
  status: 200,
  answer: entityOf(synchronizationSchema).safeExtend({ 'directories@odata.context': z.string() }),
  handle: async (request) => {
    const { schema, fragment } = await read(request);
    return {
      ...entity(request, `${fragment}/$entity`, synchronizationSchema, writeSchema(schema)),
      'directories@odata.context': contextUrl(request, `${fragment}/directories`),
    };
  },
});

const save = (deps: UseCaseDeps, summary: string): Operation => ({
  summary,
  role: 'admin',
  status: 204,
  bodyLimit: SCHEMA_BODY_LIMIT,
  handle: async (request) => {
    const job = await jobOfPath(deps, request);
    const result = await putSchema(deps, job, request.body, actorOf(request));
    if (!result.ok) throw refusal('The schema was not saved', result.findings);
  },
});

/** Warnings stand among the details; they alone refuse nothing. */
export function refusal(what: string, findings: readonly SchemaFinding[]): Problem {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  const told = first === undefined ? '' : `${where}${sentenceOf(first)}`;
  const count = errors.length === 1 ? 'one finding' : `${String(errors.length)} findings, all in the details`;
  return new Problem({
    status: 400,
    code: first?.code ?? 'SchemaInvalid',
    message: `${what}: it has ${count}. ${errors.length === 1 ? '' : 'The first: '}${told}`,
    target: where === '' ? undefined : first?.path,
    details: findings.map(detailOf),
  });
}

const sentenceOf = ({ message, remedy }: SchemaFinding): string => (remedy === '' ? message : `${message} ${remedy}`);

const detailOf = (found: SchemaFinding): ProblemDetail => ({
  code: found.code,
  target: found.path,
  message: sentenceOf(found),
  severity: found.severity,
  rule: found.rule,
  objectMapping: found.mapping,
  attributeMapping: found.attribute,
  position: found.at,
  remedy: found.remedy,
});

const reset = (deps: UseCaseDeps): Operation => ({
  summary: 'Bring the schema of a job back to its template.',
  role: 'admin',
  status: 204,
  handle: async (request) => resetSchema(deps, await jobOfPath(deps, request), actorOf(request)),
});
