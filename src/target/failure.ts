// Why an exchange brought no answer: the failures of the transport sorted by what they mean for the request.
import { errors } from 'undici';

export type FailureKind =
  /** No connection came about: the request did not leave. */
  | 'unreachable'
  | 'private'
  /** The engine is being stopped. */
  | 'closed'
  | 'timeout'
  /** The connection broke after the request had been sent at least in part. */
  | 'broken'
  /** An answer came, but none that can be read. */
  | 'unusable';

export class WireFailure extends Error {
  override readonly name = 'WireFailure';
  readonly kind: FailureKind;
  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_TLS',
]);

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by an authority known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by an authority known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by an authority known here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  EPROTO: 'it does not speak TLS there',
};

const tls = /^(?:ERR_TLS|ERR_SSL|EPROTO$|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO_)/;

/** Reads an error of undici or of the socket below it. */
export function toWireFailure(error: unknown): WireFailure {
  if (error instanceof WireFailure) return error;
  const root = rootOf(error);
  if (root instanceof WireFailure) return root;
  const code = codeOf(root);
  if (unreachableCodes.has(code) || tls.test(code) || syscallOf(root) === 'connect') {
    return new WireFailure('unreachable', words[code] ?? code, { cause: error });
  }
  if (code === 'ABORT_ERR' || code.includes('TIMEOUT') || code === 'ETIMEDOUT') {
    return new WireFailure('timeout', 'no answer in time', { cause: error });
  }
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED')
    return new WireFailure('closed', 'the engine is being stopped', { cause: error });
  if (root instanceof errors.HTTPParserError)
    return new WireFailure('unusable', 'something that is not HTTP', { cause: error });
  if (code !== '') return new WireFailure('broken', `the connection broke (${code})`, { cause: error });
  throw error;
}

/** Happy eyeballs wraps the reasons of several addresses into one AggregateError. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors[0];
  return error instanceof Error && error.cause instanceof WireFailure ? error.cause : error;
}

const syscallOf = (error: unknown): string | undefined =>
  error instanceof Error ? (error as NodeJS.ErrnoException).syscall : undefined;

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error.name === 'TimeoutError') return 'ETIMEDOUT';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : '';
}
