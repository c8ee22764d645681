// Reads what a target says about itself. Missing, broken and lying documents are all fine: they are hints.
import type { JsonObject } from '../rules/model/json.ts';
import type { DialectKnobs } from '../rules/model/target.ts';
import { knobsFrom } from '../rules/scim/hints.ts';
import { ask } from './connection.ts';
import type { Connection } from './connection.ts';
import { readDocument } from './scim-reply.ts';

/** Throws SystemError when the target is lost. */
export async function discover(connection: Connection): Promise<DialectKnobs> {
  const [config] = await Promise.all(
    ['ServiceProviderConfig', 'ResourceTypes', 'Schemas'].map((endpoint) => document(connection, endpoint)),
  );
  return knobsFrom(config ?? null);
}

async function document(connection: Connection, endpoint: string): Promise<JsonObject | null> {
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
