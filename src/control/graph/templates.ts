// …/templates: what a job can be created from.
import type { FastifyRequest } from 'fastify';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { offeredTo } from '../../cycle/use-cases/template.ts';
import type { JobTemplate } from '../../cycle/use-cases/template.ts';
import { graphVersion } from '../http/headers.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { collection, entity, plainCount } from './collection.ts';
import { contextUrl, existingServicePrincipal, synchronizationFragment } from './paths.ts';
import { templateOfPath } from './schema-of-path.ts';
import { templateShape } from './shapes/template.ts';

export const templateRoutes = (deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> => ({
  [`${root}/templates`]: { GET: list(deps) },
  [`${root}/templates/$count`]: { GET: count(deps) },
  [`${root}/templates/:templateId`]: { GET: get(deps) },
});

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List the templates that the application offers for its jobs.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const owner = await existingServicePrincipal(deps, request);
    const offered = offeredTo(owner, deps.templates.list());
    return collection(
      request,
      synchronizationFragment(owner.id, 'templates'),
      offered.map((template) => shape(template, request)),
    );
  },
});

const count = (deps: UseCaseDeps): Operation => ({
  summary: 'Count the templates.',
  role: 'reader',
  status: 200,
  handle: async (request, reply) => {
    const owner = await existingServicePrincipal(deps, request);
    return plainCount(reply, offeredTo(owner, deps.templates.list()).length);
  },
});

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show a template.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const { id } = await existingServicePrincipal(deps, request);
    const fragment = synchronizationFragment(id, 'templates');
    const template = templateOfPath(deps, request);
    return {
      ...entity(request, `${fragment}/$entity`, shape(template, request)),
      'schema@odata.context': contextUrl(request, `${fragment}('${template.id}')/schema/$entity`),
    };
  },
});

const shape = (template: JobTemplate, request: FastifyRequest) =>
  templateShape(template, graphVersion(request) ?? 'v1.0');
