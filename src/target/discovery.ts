// Reads what a target says of itself. Missing, broken and lying documents are all fine: they are hints.
import type { Json, JsonObject } from '../rules/model/json.ts';
import type { SelfDescription } from '../rules/model/target.ts';
import { isJsonObject } from '../rules/scim/read-path.ts';
import { ask } from './connection.ts';
import type { Connection } from './connection.ts';
import { readDocument } from './scim-reply.ts';

/** Throws SystemError when the target is lost. */
export async function discover(connection: Connection): Promise<SelfDescription> {
  const [config, resourceTypes, schemas] = await Promise.all([
    document(connection, 'ServiceProviderConfig'),
    document(connection, 'ResourceTypes'),
    document(connection, 'Schemas'),
  ]);
  return {
    config: isJsonObject(config) ? config : null,
    resourceTypes: listed(resourceTypes),
    schemas: listed(schemas),
  };
}

async function document(connection: Connection, endpoint: string): Promise<Json> {
  const answer = await ask(connection, {
    method: 'GET',
    segments: [endpoint],
    doing: `read ${endpoint}`,
    about: 'collection',
  });
  if (!answer.ok) return null;
  const read = readDocument(answer.value);
  return 'json' in read ? read.json : null;
}

function listed(answer: Json): readonly JsonObject[] | null {
  const resources = isJsonObject(answer) ? answer['Resources'] : null;
  return Array.isArray(resources) ? (resources as readonly Json[]).filter(isJsonObject) : null;
}
