// How the database is reached, and what is said when it cannot be: one sentence with host and port and the remedy,
// never the password.

/** The same database in a session in UTC: Prisma's adapter reads and writes times without their zone. */
export function inUtc(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return databaseUrl;
  const url = new URL(databaseUrl);
  url.searchParams.set('options', `${url.searchParams.get('options') ?? ''} -c TimeZone=UTC`.trim());
  return url.href;
}

/** Runs the first query of a connection; a failure to connect becomes a sentence. */
export async function connectionTo<T>(databaseUrl: string, first: () => Promise<T>): Promise<T> {
  try {
    return await first();
  } catch (error) {
    const sentence = explain(databaseUrl, rootOf(error));
    if (sentence === null) throw error;
    throw new Error(sentence, { cause: error });
  }
}

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Node wraps the attempts on several addresses. */
function rootOf(error: unknown): Failure {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  return { code: 'code' in error ? String(error.code) : '', message: error.message };
}

interface Place {
  readonly where: string;
  readonly user: string;
  readonly database: string;
}
type Sentence = (place: Place, reason: string) => string;

const silent: Sentence = ({ where }, reason) =>
  `PostgreSQL does not answer at ${where} (${reason}). Start it, or correct DATABASE_URL.`;
const unknownHost: Sentence = ({ where }, reason) =>
  `The host of PostgreSQL in DATABASE_URL, ${where}, is unknown (${reason}). Correct DATABASE_URL.`;
const refused: Sentence = ({ where, user }, reason) =>
  `PostgreSQL at ${where} refuses user ${user} (${reason}). Correct user and password in DATABASE_URL.`;
const noDatabase: Sentence = ({ where, database }) =>
  `PostgreSQL at ${where} has no database ${database}. Create it (createdb ${database}), or correct DATABASE_URL.`;
const full: Sentence = ({ where }, reason) =>
  `PostgreSQL at ${where} has no connection left (${reason}). Raise its max_connections, or run fewer Provisor processes.`;
const notReady: Sentence = ({ where }, reason) =>
  `PostgreSQL at ${where} is starting or stopping (${reason}). Wait until it is up and start Provisor again.`;

/** Codes of Node's sockets and of PostgreSQL. */
const sentences: ReadonlyMap<string, Sentence> = new Map([
  ...['ECONNREFUSED', 'ENOENT', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET', 'ETIMEDOUT'].map(
    (code): [string, Sentence] => [code, silent],
  ),
  ['ENOTFOUND', unknownHost],
  ['EAI_AGAIN', unknownHost],
  ['28P01', refused],
  ['28000', refused],
  ['3D000', noDatabase],
  ['53300', full],
  ['57P01', notReady],
  ['57P03', notReady],
]);

/** `null` when the failure is not one of connecting. */
function explain(databaseUrl: string, { code, message }: Failure): string | null {
  const place = placeOf(databaseUrl);
  const sentence = sentences.get(code);
  if (sentence !== undefined) return sentence(place, code);
  return /timeout|terminated/i.test(message) ? silent(place, message) : null;
}

function placeOf(databaseUrl: string): Place {
  try {
    const { hostname, port, username, pathname } = new URL(databaseUrl);
    const user = decodeURIComponent(username) || '(none)';
    return {
      where: `${hostname || 'the local socket'}:${port || '5432'}`,
      user,
      database: decodeURIComponent(pathname.slice(1)) || user,
    };
  } catch {
    return { where: 'the address in DATABASE_URL', user: '(unknown)', database: '(unknown)' };
  }
}
