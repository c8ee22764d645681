// …/schema/directories of a job: one side of a schema added, changed or removed. Each is a save of the schema as a whole.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { directoryNamed } from '../../cycle/use-cases/discover-directory.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { putSchema } from '../../cycle/use-cases/schema.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { SynchronizationSchema } from '../../rules/model/schema.ts';
import { writeDirectory, writeSchema } from '../../rules/schema/write-schema.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import { param } from '../http/mount.ts';
import type { Operation } from '../http/mount.ts';
import { entity, entityOf } from './collection.ts';
import { jobOfPath } from './jobs.ts';
import { graphRoot, synchronizationFragment } from './paths.ts';
import { directoryDefinition } from './resources/schema.ts';
import { SCHEMA_BODY_LIMIT, refusal } from './schema.ts';

/** The rest is checked with the schema that it becomes part of. */
const newDirectory = z.record(z.string(), z.json()).and(z.object({ name: z.string().min(1) }));
const directoryChange = z.record(z.string(), z.json());
type Directories = readonly JsonObject[];

export const addDirectory = (deps: UseCaseDeps): Operation => ({
  summary: 'Add a directory to the schema of a job.',
  role: 'admin',
  status: 201,
  body: newDirectory,
  bodyLimit: SCHEMA_BODY_LIMIT,
  answer: entityOf(directoryDefinition),
  handle: async (request, reply) => {
    const added = { id: deps.newId(), ...readBody(newDirectory, request) } as JsonObject & { readonly name: string };
    const { schema, fragment, owner } = await changed(deps, request, ({ directories }) => [
      ...directories.map(writeDirectory),
      added,
    ]);
    const directory = directoryNamed(schema, added.name);
    reply.header('location', `${graphRoot(request)}/servicePrincipals/${owner}${pathFrom(request)}/${directory.id}`);
    return entity(request, fragment, directoryDefinition, writeDirectory(directory));
  },
});

export const changeDirectory = (deps: UseCaseDeps): Operation => ({
  summary: 'Change a directory of the schema of a job: members that are sent replace those that are there.',
  role: 'admin',
  status: 200,
  body: directoryChange,
  bodyLimit: SCHEMA_BODY_LIMIT,
  answer: entityOf(directoryDefinition),
  handle: async (request) => {
    const change = readBody(directoryChange, request) as JsonObject;
    const wanted = param(request, 'directoryId');
    const { schema, fragment } = await changed(deps, request, (before) => {
      const { id } = directoryNamed(before, wanted);
      return before.directories.map((one) => ({
        ...writeDirectory(one),
        ...(one.id === id ? { ...change, id } : {}),
      }));
    });
    return entity(request, fragment, directoryDefinition, writeDirectory(directoryNamed(schema, wanted)));
  },
});

export const removeDirectory = (deps: UseCaseDeps): Operation => ({
  summary: 'Remove a directory that no rule of the schema uses.',
  role: 'admin',
  status: 204,
  handle: async (request) => {
    await changed(deps, request, (before) => {
      const { id } = directoryNamed(before, param(request, 'directoryId'));
      return before.directories.filter((one) => one.id !== id).map(writeDirectory);
    });
  },
});

async function changed(
  deps: UseCaseDeps,
  request: FastifyRequest,
  change: (schema: SynchronizationSchema) => Directories,
) {
  const job = await jobOfPath(deps, request);
  const { schema } = await deps.jobs.schema(job.id);
  const document = { ...writeSchema(schema), directories: change(schema) };
  const result = await putSchema(deps, job, document, actorOf(request));
  if (!result.ok) throw refusal('The schema was not saved', result.findings);
  return {
    schema: result.stored.schema,
    owner: job.servicePrincipalId,
    fragment: synchronizationFragment(job.servicePrincipalId, `jobs('${job.id}')/schema/directories/$entity`),
  };
}

/** `/synchronization/jobs/…/directories`, as the caller wrote it. */
const pathFrom = ({ url }: FastifyRequest): string => /\/synchronization\/[^?]*/i.exec(url)?.[0] ?? '';
