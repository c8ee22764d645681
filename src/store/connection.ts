// What is said when the database cannot be reached: one sentence with host and port and the remedy, never the password.

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

/** Prisma wraps the driver's error, Node wraps the attempts on several addresses. */
function rootOf(error: unknown): Failure {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  const own = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = error instanceof Error ? error.cause : undefined;
  if (!/^([A-Z]{5,}|[0-9A-Z]{5})$/.test(own) && cause !== undefined) return rootOf(cause);
  return { code: own, message: error instanceof Error ? error.message : String(error) };
}

/** `null` when the failure is not one of connecting. */
function explain(databaseUrl: string, { code, message }: Failure): string | null {
  const { where, user, database } = describe(databaseUrl);
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ECONNRESET':
    case 'ETIMEDOUT':
      return `PostgreSQL does not answer at ${where} (${code}). Start it, or correct DATABASE_URL.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of PostgreSQL in DATABASE_URL, ${where}, is unknown (${code}). Correct DATABASE_URL.`;
    case '28P01':
    case '28000':
      return `PostgreSQL at ${where} refuses user ${user} (${code}). Correct user and password in DATABASE_URL.`;
    case '3D000':
      return `PostgreSQL at ${where} has no database ${database}. Create it (createdb ${database}), or correct DATABASE_URL.`;
    case '53300':
      return `PostgreSQL at ${where} has no connection left (${code}). Raise its max_connections, or run fewer Provisor processes.`;
    case '57P03':
    case '57P01':
      return `PostgreSQL at ${where} is starting or stopping (${code}). Wait until it is up and start Provisor again.`;
    default:
      return /timeout|terminated/i.test(message) ? `PostgreSQL does not answer at ${where} (${message}). Start it, or correct DATABASE_URL.` : null;
  }
}

function describe(databaseUrl: string): { readonly where: string; readonly user: string; readonly database: string } {
  try {
    const { hostname, port, username, pathname } = new URL(databaseUrl);
    const user = decodeURIComponent(username) || '(none)';
    return { where: `${hostname || 'the local socket'}:${port || '5432'}`, user, database: decodeURIComponent(pathname.slice(1)) || user };
  } catch {
    return { where: 'the address in DATABASE_URL', user: '(unknown)', database: '(unknown)' };
  }
}
