// A failing request and its answer, as they may be shown to administrators.
import { SystemError } from '../rules/model/errors.ts';
import { redactedExchange } from '../rules/safety/quarantine-evidence.ts';
import type { Ask, Connection } from './exchange.ts';
import type { WireFailure } from './failure.ts';
import { showable } from './secret-text.ts';
import { pathBelow } from './tenant-url.ts';
import type { WireReply } from './wire.ts';

/** The same error with what was asked and answered, unless it carries that already. */
export function witnessed(
  { base, dialect, credential }: Connection,
  { method, segments, parameters }: Ask,
  reply: WireReply | WireFailure,
  error: SystemError,
): SystemError {
  if (error.exchange !== undefined) return error;
  const answered = 'status' in reply;
  const exchange = redactedExchange({
    method,
    url: base.origin + pathBelow(base, segments, parameters, dialect.queryEncoding),
    status: answered ? reply.status : null,
    headers: answered ? reply.headers : {},
    text: answered ? reply.text : reply.message,
  });
  const shown = (text: string): string => showable(text, credential.secrets());
  return new SystemError(error.code, error.message, {
    cause: error.cause,
    exchange: {
      ...exchange,
      url: shown(exchange.url),
      headers: Object.fromEntries(Object.entries(exchange.headers).map(([name, value]) => [name, shown(value)])),
      body: shown(exchange.body),
    },
  });
}
