// What comes back from one target: its answer, the refusal of one object, or the loss of the target.
import type { ObjectErrorCode } from '../rules/model/errors.ts';
import { SystemError } from '../rules/model/errors.ts';
import type { Answer } from './answer.ts';
import { done, refused } from './answer.ts';
import type { Ask, Connection } from './exchange.ts';
import { exchange } from './exchange.ts';
import { witnessed } from './evidence.ts';
import type { WireFailure } from './failure.ts';
import { suspectLoss, suspectSilence, unreachable, wrongCredentials } from './lost-target.ts';
import { isHtml, readRefusal } from './scim-reply.ts';
import { showable } from './secret-text.ts';
import { meaningOf } from './status-table.ts';
import { nameOf } from './tenant-url.ts';
import type { WireReply } from './wire.ts';

export type { Ask, Connection } from './exchange.ts';

/** Throws SystemError when the target cannot be reached or does not accept the credentials; from then on always. */
export function ask(connection: Connection, what: Ask): Promise<Answer<WireReply>> {
  const { health, limit } = connection;
  return limit(async () => {
    if (health.lost !== null) throw health.lost;
    let reply: WireReply | WireFailure | null = null;
    try {
      reply = await exchange(connection, what);
      const answer = 'kind' in reply ? refused(failureError(connection, what, reply)) : judge(connection, what, reply);
      await suspectLoss(connection, what, reply);
      if ('kind' in reply) await suspectSilence(connection);
      return answer;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      health.lost = reply === null ? error : witnessed(connection, what, reply, error);
      throw health.lost;
    }
  });
}

/** Text of the application as far as it may be shown. */
export const shown = ({ credential }: Connection, text: string): string => showable(text, credential.secrets());

type Refusal = Extract<Answer<never>, { ok: false }>['error'];

function failureError(connection: Connection, { doing }: Ask, failure: WireFailure): Refusal {
  const place = nameOf(connection.base);
  switch (failure.kind) {
    case 'unreachable':
    case 'hopeless':
    case 'private':
    case 'closed':
      throw unreachable(connection, failure);
    case 'throttled':
      return { code: 'TooManyRequests', message: `Could not ${doing}: ${place} is throttling; ${failure.message}.` };
    case 'timeout':
      return { code: 'Timeout', message: `Could not ${doing}: ${place} gave ${failure.message}.` };
    case 'broken':
      return {
        code: 'WebExceptionProtocolError',
        message: `Could not ${doing}: the connection broke while ${place} was to answer: ${failure.message}.`,
      };
    case 'unusable':
      return incompatible(doing, `${place} answered with ${failure.message}`);
  }
}

export const incompatible = (
  doing: string,
  what: string,
  reply?: { readonly status: number; readonly detail: string },
): Refusal => ({
  code: 'SystemForCrossDomainIdentityManagementServiceIncompatible',
  message: `Could not ${doing}: ${what}.`,
  ...reply,
});

/** What an answer means for the object that it is about. Throws SystemError for credentials that are not accepted. */
export function judge(connection: Connection, what: Ask, reply: WireReply): Answer<WireReply> {
  if (reply.status >= 200 && reply.status < 300) return done(reply);
  if (reply.status === 401) throw wrongCredentials(connection, reply);
  const { scimType, detail } = readRefusal(reply);
  const code = codeFor(what, reply, scimType);
  const reason = detail ?? (reply.text === '' ? 'no reason given' : 'see the details');
  const kind = scimType === null ? '' : ` (${scimType})`;
  return refused({
    code,
    message: shown(
      connection,
      `Could not ${what.doing}: ${nameOf(connection.base)} answered ${String(reply.status)}${kind}: ${reason}`,
    ),
    status: reply.status,
    ...(scimType === null ? {} : { scimType }),
    detail: shown(connection, reply.text),
  });
}

/** A 404 about an object counts only from a SCIM service: a page of HTML comes from whatever else stands in the way. */
function codeFor(what: Ask, reply: WireReply, scimType: string | null): ObjectErrorCode {
  const gone = reply.status === 404 || reply.status === 410;
  if (gone && (what.about === 'collection' || isHtml(reply)))
    return 'SystemForCrossDomainIdentityManagementServiceIncompatible';
  return meaningOf(reply.status, scimType);
}
