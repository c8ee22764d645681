// Entra's connection test: a look-up of a user that cannot exist must answer 200 with a list.
import { randomUUID } from 'node:crypto';

import { SystemError } from '../rules/model/errors.ts';
import { shown } from './connection.ts';
import { witnessed } from './evidence.ts';
import type { Ask, Connection } from './exchange.ts';
import { exchange } from './exchange.ts';
import type { WireFailure } from './failure.ts';
import { unreachable, wrongCredentials } from './lost-target.ts';
import { readDocument, readList, readRefusal } from './scim-reply.ts';
import { nameOf } from './tenant-url.ts';
import type { WireReply } from './wire.ts';

/** Throws SystemError with the reason. */
export async function testConnection(connection: Connection, matchingPath: string): Promise<void> {
  const what: Ask = {
    method: 'GET',
    segments: ['Users'],
    parameters: { filter: `${matchingPath} eq "${randomUUID()}"` },
    doing: 'test the connection',
    about: 'collection',
  };
  const reply = await connection.limit(() => exchange(connection, what));
  const problem = 'kind' in reply ? failureProblem(connection, reply) : replyProblem(connection, reply);
  if (problem !== null) throw witnessed(connection, what, reply, problem);
}

function failureProblem(connection: Connection, failure: WireFailure): SystemError {
  if (failure.kind === 'unusable') return incompatible(connection, `it answered with ${failure.message}`);
  return unreachable(connection, failure);
}

function replyProblem(connection: Connection, reply: WireReply): SystemError | null {
  const { status } = reply;
  if (status === 200) return listProblem(connection, reply);
  if (status === 401 || status === 403) return wrongCredentials(connection, reply);
  if (status === 404) return incompatible(connection, 'it answered 404 rather than 200 with an empty list');
  if (status === 429 || status >= 500) return unavailable(connection, status);
  const { detail } = readRefusal(reply);
  const reason = detail === null ? '' : ` (${shown(connection, detail)})`;
  return incompatible(connection, `it answered ${String(status)} rather than 200 with an empty list${reason}`);
}

function listProblem(connection: Connection, reply: WireReply): SystemError | null {
  const document = readDocument(reply);
  if ('problem' in document) return incompatible(connection, `it answered ${document.problem}`);
  return readList(document.json) === null ? incompatible(connection, 'it answered JSON that is not a SCIM list') : null;
}

const incompatible = ({ base }: Connection, what: string): SystemError =>
  new SystemError(
    'SystemForCrossDomainIdentityManagementServiceIncompatible',
    `What answers at ${nameOf(base)} is not a SCIM 2.0 service: ${what}.`,
  );

const unavailable = ({ base }: Connection, status: number): SystemError =>
  new SystemError(
    'SystemForCrossDomainIdentityManagementUnreachable',
    `The application at ${nameOf(base)} is not available: it answered ${String(status)}.`,
  );
