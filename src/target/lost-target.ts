// The loss of a target in an administrator's words, and what tells it from the refusal of one object.
import { SystemError } from '../rules/model/errors.ts';
import type { Ask, Connection } from './exchange.ts';
import { exchange } from './exchange.ts';
import type { WireFailure } from './failure.ts';
import { readDocument, readList } from './scim-reply.ts';
import { nameOf } from './tenant-url.ts';
import type { WireReply } from './wire.ts';

export const unreachable = ({ base }: Connection, failure: WireFailure): SystemError =>
  new SystemError(
    'SystemForCrossDomainIdentityManagementUnreachable',
    `The application at ${nameOf(base)} cannot be reached: ${failure.message}.`,
    { cause: failure },
  );

export const wrongCredentials = ({ base, credential }: Connection, { status }: WireReply): SystemError =>
  new SystemError(
    'SystemForCrossDomainIdentityManagementInvalidCredentials',
    `The application at ${nameOf(base)} does not accept ${credential.name}: it answered ${String(status)}.`,
  );

/** So many denials in a row are no longer the fault of single objects, if the target denies everything else too. */
const HANDFUL = 5;

/**
 * An application that answers 403 or 404 about one object after the other may have lost its accounts, its place or its
 * trust in us: after each handful it is asked for its list of users. Throws SystemError when it denies that as well.
 */
export async function suspectLoss(connection: Connection, { about }: Ask, { status }: WireReply): Promise<void> {
  const { health } = connection;
  if (status < 400) health.denials = 0;
  else if (status === 403 || (about === 'object' && (status === 404 || status === 410))) health.denials += 1;
  else return;
  if (health.denials === 0 || health.denials % HANDFUL !== 0) return;
  const denied = await deniesEverything(connection);
  if (denied !== null) throw denied;
}

async function deniesEverything(connection: Connection): Promise<SystemError | null> {
  const reply = await exchange(connection, {
    method: 'GET',
    segments: ['Users'],
    parameters: { count: '1' },
    doing: 'see whether the application still answers',
    about: 'collection',
  });
  if ('kind' in reply) return null;
  if (reply.status === 401 || reply.status === 403) return wrongCredentials(connection, reply);
  if (reply.status === 404 || reply.status === 410)
    return gone(connection, `its list of users too answers ${String(reply.status)}`);
  if (reply.status >= 300) return null;
  const document = readDocument(reply);
  const isList = 'json' in document && readList(document.json) !== null;
  return isList ? null : gone(connection, 'what it answers for its list of users is not SCIM');
}

const gone = ({ base, health }: Connection, what: string): SystemError =>
  new SystemError(
    'SystemForCrossDomainIdentityManagementServiceIncompatible',
    `The application at ${nameOf(base)} denied ${String(health.denials)} objects in a row, and ${what}. Nothing was concluded from that.`,
  );
