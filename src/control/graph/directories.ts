// …/schema/directories: the two sides of a schema, one by one.
import { directoryNamed, discoverDirectoryOf } from '../../cycle/use-cases/discover-directory.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { writeDirectory } from '../../rules/schema/write-schema.ts';
import { actorOf } from '../http/authenticate.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { addDirectory, changeDirectory, removeDirectory } from './change-directories.ts';
import { collection, collectionOf, entity, entityOf, plainCount, plainText } from './collection.ts';
import { entityQuery, listQuery } from './query-options.ts';
import { jobOfPath } from './jobs.ts';
import { synchronizationFragment } from './paths.ts';
import { directoryDefinition } from './resources/schema.ts';
import { schemaPlaces } from './schema-of-path.ts';
import type { SchemaPlace } from './schema-of-path.ts';

export const directoryRoutes = (deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> =>
  Object.fromEntries([
    [`${root}/jobs/:jobId/schema/directories/:directoryId/discover`, { POST: discover(deps) }],
    ...schemaPlaces(deps, root).flatMap((place): readonly (readonly [string, Resource])[] => [
      [`${place.path}/directories`, { GET: list(place), ...(place.editable ? { POST: addDirectory(deps) } : {}) }],
      [`${place.path}/directories/$count`, { GET: count(place) }],
      [`${place.path}/directories/:directoryId`, { GET: get(place), ...(place.editable ? edits(deps) : {}) }],
    ]),
  ]);

const edits = (deps: UseCaseDeps): Resource => ({ PATCH: changeDirectory(deps), DELETE: removeDirectory(deps) });

const list = ({ read }: SchemaPlace): Operation => ({
  summary: 'List the directories of a schema with their objects and attributes.',
  role: 'reader',
  status: 200,
  answer: collectionOf(directoryDefinition),
  query: listQuery,
  handle: async (request) => {
    const { schema, fragment } = await read(request);
    return collection(request, `${fragment}/directories`, directoryDefinition, schema.directories.map(writeDirectory));
  },
});

const count = ({ read }: SchemaPlace): Operation => ({
  summary: 'Count the directories of a schema.',
  role: 'reader',
  status: 200,
  answer: plainText,
  handle: async (request, reply) => plainCount(reply, (await read(request)).schema.directories.length),
});

const get = ({ read }: SchemaPlace): Operation => ({
  summary: 'Show one directory of a schema.',
  role: 'reader',
  status: 200,
  answer: entityOf(directoryDefinition),
  query: entityQuery,
  handle: async (request) => {
    const placed = await read(request);
    return entity(
      request,
      `${placed.fragment}/directories/$entity`,
      directoryDefinition,
      writeDirectory(directoryNamed(placed.schema, param(request, 'directoryId'))),
    );
  },
});

const discover = (deps: UseCaseDeps): Operation => ({
  summary: 'Read the schemas of the application: attributes that the target directory does not know are added to it.',
  role: 'admin',
  status: 200,
  answer: entityOf(directoryDefinition),
  query: entityQuery,
  handle: async (request) => {
    const job = await jobOfPath(deps, request);
    const found = await discoverDirectoryOf(deps, job, param(request, 'directoryId'), actorOf(request));
    const fragment = synchronizationFragment(job.servicePrincipalId, `jobs('${job.id}')/schema/directories/$entity`);
    return entity(request, fragment, directoryDefinition, writeDirectory(found));
  },
});
