// Schemas hang below jobs and below templates: both ways lead to one, and to the fragment that names it.
import type { FastifyRequest } from 'fastify';
import { getSchema } from '../../cycle/use-cases/schema.ts';
import { notFound } from '../../cycle/use-cases/not-found.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import type { JobTemplate } from '../../cycle/use-cases/template.ts';
import type { SynchronizationSchema } from '../../rules/model/schema.ts';
import { param } from '../http/mount.ts';
import { jobOfPath } from './jobs.ts';
import { existingServicePrincipal, synchronizationFragment } from './paths.ts';
import { templateSchema } from './shapes/template.ts';

export interface SchemaPlace {
  /** Route of the schema. */
  readonly path: string;
  /** Schemas of templates are only read. */
  readonly editable: boolean;
  readonly read: (request: FastifyRequest) => Promise<PlacedSchema>;
}
export interface PlacedSchema {
  readonly schema: SynchronizationSchema;
  /** E.g. `servicePrincipals('…')/synchronization/jobs('…')/schema`. */
  readonly fragment: string;
}

export const schemaPlaces = (deps: UseCaseDeps, root: string): readonly SchemaPlace[] => [
  { path: `${root}/jobs/:jobId/schema`, editable: true, read: (request) => schemaOfJob(deps, request) },
  { path: `${root}/templates/:templateId/schema`, editable: false, read: (request) => schemaOfTemplate(deps, request) },
];

export async function schemaOfJob(deps: UseCaseDeps, request: FastifyRequest): Promise<PlacedSchema> {
  const job = await jobOfPath(deps, request);
  const { schema } = await getSchema(deps, job);
  return { schema, fragment: synchronizationFragment(job.servicePrincipalId, `jobs('${job.id}')/schema`) };
}

export async function schemaOfTemplate(deps: UseCaseDeps, request: FastifyRequest): Promise<PlacedSchema> {
  const template = templateOfPath(deps, request);
  const owner = await existingServicePrincipal(deps, request);
  return {
    schema: templateSchema(template),
    fragment: synchronizationFragment(owner.id, `templates('${template.id}')/schema`),
  };
}

/** Throws ConfigError when it does not exist. */
export function templateOfPath(deps: UseCaseDeps, request: FastifyRequest): JobTemplate {
  const id = param(request, 'templateId');
  const template = deps.templates.find(id);
  if (template === null) throw notFound('Template', id, 'List the templates that exist.');
  return template;
}
