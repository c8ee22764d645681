// The loss of a target in an administrator's words, and what tells it from the refusal of one object.
import { SystemError } from '../rules/model/errors.ts';
import type { Ask, Connection } from './exchange.ts';
import { exchange, HANDFUL, isSilent } from './exchange.ts';
import { WireFailure } from './failure.ts';
import { isHtml, readDocument, readList } from './scim-reply.ts';
import { witnessed } from './evidence.ts';
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

/**
 * An application that lets one request after the other run out, or breaks the connection, may be gone: whoever waited for
 * it waits for one more, its list of users. Throws SystemError when that is not answered either.
 */
export async function suspectSilence(connection: Connection): Promise<void> {
  const { health } = connection;
  if (!isSilent(connection) && health.hearing === null) return;
  health.hearing ??= hear(connection).finally(() => {
    health.hearing = null;
  });
  await health.hearing;
}

async function hear(connection: Connection): Promise<void> {
  const { health } = connection;
  const { silences } = health;
  const reply = await listUsers(connection);
  if (!('kind' in reply) || reply.kind === 'unusable' || reply.kind === 'throttled') {
    health.silences = 0;
    return;
  }
  const what = `${String(silences)} requests in a row were not answered, and its list of users neither: ${reply.message}`;
  const failure = new WireFailure(reply.kind, what, { cause: reply });
  throw witnessed(connection, listing, reply, unreachable(connection, failure));
}

const listing: Ask = {
  method: 'GET',
  segments: ['Users'],
  parameters: { count: '1' },
  doing: 'see whether the application still answers',
  about: 'collection',
};
const listUsers = (connection: Connection): Promise<WireReply | WireFailure> => exchange(connection, listing);

async function deniesEverything(connection: Connection): Promise<SystemError | null> {
  const reply = await listUsers(connection);
  const denied = denial(connection, reply);
  return denied && witnessed(connection, listing, reply, denied);
}

function denial(connection: Connection, reply: WireReply | WireFailure): SystemError | null {
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
