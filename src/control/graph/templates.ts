// …/templates: what a job can be created from.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { offeredTo } from '../../cycle/use-cases/template.ts';
import type { JobTemplate } from '../../cycle/use-cases/template.ts';
import { graphVersion } from '../http/headers.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { collection, collectionOf, entity, entityOf, plainCount, plainText } from './collection.ts';
import { listQuery } from './query-options.ts';
import { contextUrl, existingServicePrincipal, synchronizationFragment } from './paths.ts';
import { synchronizationTemplate } from './resources/template.ts';
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
  answer: collectionOf(synchronizationTemplate),
  query: listQuery,
  handle: async (request) => {
    const owner = await existingServicePrincipal(deps, request);
    const offered = offeredTo(owner, deps.templates.list());
    return collection(
      request,
      synchronizationFragment(owner.id, 'templates'),
      synchronizationTemplate,
      offered.map((template) => shape(template, request)),
    );
  },
});

const count = (deps: UseCaseDeps): Operation => ({
  summary: 'Count the templates.',
  role: 'reader',
  status: 200,
  answer: plainText,
  handle: async (request, reply) => {
    const owner = await existingServicePrincipal(deps, request);
    return plainCount(reply, offeredTo(owner, deps.templates.list()).length);
  },
});

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show a template.',
  role: 'reader',
  status: 200,
  answer: entityOf(synchronizationTemplate).safeExtend({ 'schema@odata.context': z.string() }),
  handle: async (request) => {
    const { id } = await existingServicePrincipal(deps, request);
    const fragment = synchronizationFragment(id, 'templates');
    const template = templateOfPath(deps, request);
    return {
      ...entity(request, `${fragment}/$entity`, synchronizationTemplate, shape(template, request)),
      'schema@odata.context': contextUrl(request, `${fragment}('${template.id}')/schema/$entity`),
    };
  },
});

const shape = (template: JobTemplate, request: FastifyRequest) =>
  templateShape(template, graphVersion(request) ?? 'v1.0');
