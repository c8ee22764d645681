// Reading one resource, and understanding an answer that holds one.
import type { ResourceType, TargetResource } from '../rules/model/target.ts';
import { isJsonObject } from '../rules/scim/read-path.ts';
import type { Answer } from './answer.ts';
import { done, refused } from './answer.ts';
import { ask, incompatible, shown } from './connection.ts';
import type { Connection } from './connection.ts';
import { idOf, readDocument } from './scim-reply.ts';
import type { Talk } from './talk.ts';
import type { WireReply } from './wire.ts';

export interface Versioned {
  readonly resource: TargetResource;
  /** The ETag of this state, from the header or from `meta.version`. */
  readonly version: string | null;
}

/** Members that the target would not show are not asked for. */
export async function read(talk: Talk, type: ResourceType, id: string): Promise<Answer<Versioned>> {
  const { connection, dialect } = talk;
  const doing = `read ${type.toLowerCase()} ${id}`;
  const hidden = type === 'Group' && !dialect.membersReadable;
  const answer = await ask(connection, {
    method: 'GET',
    segments: [`${type}s`, id],
    ...(hidden ? { parameters: { excludedAttributes: 'members' } } : {}),
    doing,
    about: 'object',
  });
  if (!answer.ok) return answer;
  const resource = asResource(connection, doing, answer.value);
  return resource.ok ? done({ resource: resource.value, version: versionOf(answer.value, resource.value) }) : resource;
}

function versionOf({ headers }: WireReply, { attributes }: TargetResource): string | null {
  const { etag } = headers;
  if (typeof etag === 'string' && etag !== '') return etag;
  const { meta } = attributes;
  const version = isJsonObject(meta) ? meta['version'] : undefined;
  return typeof version === 'string' && version !== '' ? version : null;
}

export function asResource(connection: Connection, doing: string, reply: WireReply): Answer<TargetResource> {
  const facts = { status: reply.status, detail: shown(connection, reply.text) };
  const document = readDocument(reply);
  if ('problem' in document) return refused(incompatible(doing, `the application answered ${document.problem}`, facts));
  const id = idOf(document.json);
  if (id === null) return refused(incompatible(doing, 'the application answered a resource without id', facts));
  return done({ id, attributes: document.json });
}

/** The answer to a change: servers may answer nothing, or something that is no resource. */
export function asChanged(connection: Connection, doing: string, reply: WireReply): Answer<TargetResource | null> {
  if (reply.text.trim() === '') return done(null);
  const document = readDocument(reply);
  if ('json' in document && idOf(document.json) === null) return done(null);
  return asResource(connection, doing, reply);
}
