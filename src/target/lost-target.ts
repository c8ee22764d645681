// The loss of a target in an administrator's words, and what tells it from the refusal of one object.
import { SystemError } from '../rules/model/errors.ts';
import type { Ask, Connection } from './exchange.ts';
import { exchange } from './exchange.ts';
import type { WireFailure } from './failure.ts';
import { isHtml, readDocument, readList } from './scim-reply.ts';
import { nameOf } from './tenant-url.ts';
import type { Method, WireReply } from './wire.ts';

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
 * An application that answers 403, 404 or no SCIM to one request after the other may have lost its accounts, its place or
 * its trust in us, or stand behind a page of maintenance: after each handful it is asked for its list of users. Throws
 * SystemError when it denies that as well.
 */
export async function suspectLoss(
  connection: Connection,
  { method }: Ask,
  reply: WireReply | WireFailure,
): Promise<void> {
  const { health } = connection;
  const denied = denies(method, reply);
  if (denied !== null) health.denials = denied ? health.denials + 1 : 0;
  if (denied !== true || health.denials % HANDFUL !== 0) return;
  const lost = await deniesEverything(connection);
  if (lost !== null) throw lost;
}

/** `null` = it says neither. The answer to a write may be empty, or anything that is no page for people. */
function denies(method: Method, reply: WireReply | WireFailure): boolean | null {
  if ('kind' in reply) return reply.kind === 'unusable' ? true : null;
  const { status } = reply;
  if (status === 403 || status === 404 || status === 410) return true;
  if (status >= 400) return null;
  return method === 'GET' ? 'problem' in readDocument(reply) : isHtml(reply);
}

async function deniesEverything(connection: Connection): Promise<SystemError | null> {
  const reply = await exchange(connection, {
    method: 'GET',
    segments: ['Users'],
    parameters: { count: '1' },
    doing: 'see whether the application still answers',
    about: 'collection',
  });
  if ('kind' in reply)
    return reply.kind === 'unusable'
      ? gone(connection, `what it answers for its list of users is ${reply.message}`)
      : null;
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
    `The application at ${nameOf(base)} denied ${String(health.denials)} requests in a row, and ${what}. Nothing was concluded from that.`,
  );
