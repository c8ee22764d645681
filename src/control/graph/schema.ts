// …/jobs/{id}/schema and …/templates: documents in Graph's synchronizationSchema.
import type { FastifyRequest } from 'fastify';
import { getSchema, putSchema, resetSchema } from '../../cycle/use-cases/schema.ts';
import { notFound } from '../../cycle/use-cases/not-found.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import type { JobTemplate } from '../../cycle/use-cases/template.ts';
import { writeSchema } from '../../rules/schema/write-schema.ts';
import type { SchemaFinding } from '../../rules/model/schema.ts';
import { actorOf } from '../http/authenticate.ts';
import { graphVersion } from '../http/headers.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { Problem } from '../http/problem.ts';
import { collection, entity, plainCount } from './collection.ts';
import { jobOfPath } from './jobs.ts';
import { contextUrl, existingServicePrincipal, synchronizationFragment } from './paths.ts';
import { templateSchema, templateShape } from './shapes/template.ts';

/** Schemas with discovered directories are large documents. */
const BODY_LIMIT = 10 * 1024 * 1024;

export function schemaRoutes(deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> {
  return {
    [`${root}/jobs/:jobId/schema`]: {
      GET: get(deps),
      PUT: save(deps, 'Replace the schema of a job.'),
      // Generated clients send PATCH for the same thing.
      PATCH: save(deps, 'Replace the schema of a job, as PUT does.'),
      DELETE: reset(deps),
    },
    [`${root}/templates`]: { GET: listTemplates(deps) },
    [`${root}/templates/$count`]: { GET: countTemplates(deps) },
    [`${root}/templates/:templateId`]: { GET: getTemplate(deps) },
    [`${root}/templates/:templateId/schema`]: { GET: getTemplateSchema(deps) },
  };
}

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show the schema of a job.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const job = await jobOfPath(deps, request);
    const { schema } = await getSchema(deps, job);
    const fragment = synchronizationFragment(job.servicePrincipalId, `jobs('${job.id}')/schema`);
    return {
      ...entity(request, `${fragment}/$entity`, writeSchema(schema)),
      'directories@odata.context': contextUrl(request, `${fragment}/directories`),
    };
  },
});

const save = (deps: UseCaseDeps, summary: string): Operation => ({
  summary,
  role: 'admin',
  status: 204,
  bodyLimit: BODY_LIMIT,
  handle: async (request) => {
    const job = await jobOfPath(deps, request);
    const result = await putSchema(deps, job, request.body, actorOf(request));
    if (!result.ok) throw refusal(result.findings);
  },
});

function refusal(findings: readonly SchemaFinding[]): Problem {
  const [first] = findings;
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  const more = findings.length > 1 ? ` ${String(findings.length - 1)} more findings are in the details.` : '';
  return new Problem({
    status: 400,
    code: first?.code ?? 'SchemaInvalid',
    message: `The schema was not saved. ${where}${first?.message ?? ''}${more}`,
    target: where === '' ? undefined : first?.path,
    details: findings.map(({ path, code, message }) => ({ code, target: path, message })),
  });
}

const reset = (deps: UseCaseDeps): Operation => ({
  summary: 'Bring the schema of a job back to its template.',
  role: 'admin',
  status: 204,
  handle: async (request) => resetSchema(deps, await jobOfPath(deps, request), actorOf(request)),
});

const listTemplates = (deps: UseCaseDeps): Operation => ({
  summary: 'List the templates that a job can be created from.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const fragment = synchronizationFragment(await existingServicePrincipal(deps, request), 'templates');
    return collection(
      request,
      fragment,
      deps.templates.list().map((template) => shape(template, request)),
    );
  },
});

const countTemplates = (deps: UseCaseDeps): Operation => ({
  summary: 'Count the templates.',
  role: 'reader',
  status: 200,
  handle: async (request, reply) => {
    await existingServicePrincipal(deps, request);
    return plainCount(reply, deps.templates.list().length);
  },
});

const shape = (template: JobTemplate, request: FastifyRequest) =>
  templateShape(template, graphVersion(request) ?? 'v1.0');

function templateOfPath(deps: UseCaseDeps, request: FastifyRequest): JobTemplate {
  const id = param(request, 'templateId');
  const template = deps.templates.find(id);
  if (template === null) throw notFound('Template', id, 'List the templates that exist.');
  return template;
}

const getTemplate = (deps: UseCaseDeps): Operation => ({
  summary: 'Show a template.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const fragment = synchronizationFragment(await existingServicePrincipal(deps, request), 'templates');
    const template = templateOfPath(deps, request);
    return {
      ...entity(request, `${fragment}/$entity`, shape(template, request)),
      'schema@odata.context': contextUrl(request, `${fragment}('${template.id}')/schema/$entity`),
    };
  },
});

const getTemplateSchema = (deps: UseCaseDeps): Operation => ({
  summary: 'Show the schema of a template.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const template = templateOfPath(deps, request);
    const fragment = synchronizationFragment(
      await existingServicePrincipal(deps, request),
      `templates('${template.id}')/schema/$entity`,
    );
    return entity(request, fragment, templateSchema(template));
  },
});
