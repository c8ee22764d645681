// Why an exchange brought no answer: the failures of the transport sorted by what they mean for the request.
import { errors } from 'undici';

export type FailureKind =
  /** No connection came about: the request did not leave. */
  | 'unreachable'
  | 'private'
  /** No connection will come about however often it is tried: certificates, TLS, a name that does not exist. */
  | 'hopeless'
  /** It was not asked: it wants to be left alone for longer than a page waits. */
  | 'throttled'
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
  'EAI_AGAIN',
  'EAI_FAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_TLS',
]);

const TRUST_IT = ' (save the certificate of its authority as TlsCaCertificates to trust it)';
const UNKNOWN_AUTHORITY = `its certificate is not signed by an authority known here${TRUST_IT}`;

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: `its certificate is self-signed${TRUST_IT}`,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  EPROTO: 'it does not speak TLS there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS there',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it speaks another version of TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks only an old version of TLS',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'it refused the TLS handshake, perhaps for want of a client certificate',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it wants a client certificate (TlsClientCertificate and TlsClientKey)',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'it does not know the authority of the client certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'it does not accept the client certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the client certificate has expired',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'the client certificate was revoked',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'it does not accept the client certificate',
  ECONNRESET: 'it was reset',
  UND_ERR_SOCKET: 'it was closed before the answer was complete',
};

const tls =
  /^(?:ERR_TLS|ERR_SSL|EPROTO$|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** Reads an error of undici or of the socket below it; throws what is neither. */
export function toWireFailure(error: unknown): WireFailure {
  const root = rootOf(error);
  if (root instanceof WireFailure) return root;
  const code = codeOf(root);
  const reading = readings.find(([reads]) => reads(code, root));
  if (reading === undefined) throw error;
  const [, kind, message] = reading;
  return new WireFailure(kind, message ?? words[code] ?? code, { cause: error });
}

type Reads = (code: string, root: unknown) => boolean;
/** The first that fits; without words of its own it takes those of the code. */
const readings: readonly (readonly [Reads, FailureKind, string?])[] = [
  [(code) => code === 'ENOTFOUND' || tls.test(code), 'hopeless'],
  [(code, root) => unreachableCodes.has(code) || syscallOf(root) === 'connect', 'unreachable'],
  [(code) => code === 'ABORT_ERR' || code.includes('TIMEOUT') || code === 'ETIMEDOUT', 'timeout', 'no answer in time'],
  [(code) => code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED', 'closed', 'the engine is being stopped'],
  [(code) => /^(?:Z_|ERR_BROTLI)/.test(code), 'unusable', 'a compressed body that is incomplete or broken'],
  [
    (code, root) => root instanceof errors.HTTPParserError || code === 'UND_ERR_HEADERS_OVERFLOW',
    'unusable',
    'something that is not HTTP',
  ],
  [(code) => code !== '', 'broken'],
];

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
