// …/schema/directories: the two sides of a schema, one by one.
import type { FastifyRequest } from 'fastify';
import { notFound } from '../../cycle/use-cases/not-found.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { writeDirectory } from '../../rules/schema/write-schema.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { collection, entity, plainCount } from './collection.ts';
import { schemaPlaces } from './schema-of-path.ts';
import type { PlacedSchema, SchemaPlace } from './schema-of-path.ts';

export const directoryRoutes = (deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> =>
  Object.fromEntries(
    schemaPlaces(deps, root).flatMap((place): readonly (readonly [string, Resource])[] => [
      [`${place.path}/directories`, { GET: list(place) }],
      [`${place.path}/directories/$count`, { GET: count(place) }],
      [`${place.path}/directories/:directoryId`, { GET: get(place) }],
    ]),
  );

const list = ({ read }: SchemaPlace): Operation => ({
  summary: 'List the directories of a schema with their objects and attributes.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const { schema, fragment } = await read(request);
    return collection(request, `${fragment}/directories`, schema.directories.map(writeDirectory));
  },
});

const count = ({ read }: SchemaPlace): Operation => ({
  summary: 'Count the directories of a schema.',
  role: 'reader',
  status: 200,
  handle: async (request, reply) => plainCount(reply, (await read(request)).schema.directories.length),
});

const get = ({ read }: SchemaPlace): Operation => ({
  summary: 'Show one directory of a schema.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const placed = await read(request);
    return entity(request, `${placed.fragment}/directories/$entity`, directoryOf(placed, request));
  },
});

/** By id; names are unique in a schema, and people know them better. */
function directoryOf({ schema }: PlacedSchema, request: FastifyRequest): JsonObject {
  const wanted = param(request, 'directoryId');
  const { directories } = schema;
  const found = directories.find(({ id }) => id === wanted) ?? directories.find(({ name }) => name === wanted);
  if (found !== undefined) return writeDirectory(found);
  const known = directories.map(({ id }) => `'${id}'`).join(', ');
  throw notFound('Directory', wanted, `The schema has the directories ${known}.`);
}
