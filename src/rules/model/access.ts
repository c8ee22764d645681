// Who may do what: a reader reads, an operator also runs, an admin also changes the configuration.
export const roles = ['reader', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Principal {
  /** How the audit log names it. */
  readonly subject: string;
  readonly role: Role;
}

export const allows = (held: Role, needed: Role): boolean => roles.indexOf(held) >= roles.indexOf(needed);

/** `null` for an empty list. */
export const highest = (held: readonly Role[]): Role | null => roles.findLast((role) => held.includes(role)) ?? null;

/** A bearer token of Provisor's own. The token itself is shown once, when it is made, and kept nowhere. */
export interface AccessToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Its first characters, to recognise it by. */
  readonly prefix: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  /** `null`: never. */
  readonly expiresAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
}

/** A browser that is signed in. */
export interface Session extends Principal {
  /** SHA-256 of what its cookie holds. */
  readonly digest: string;
  /** SHA-256 of the token that signed in: the session ends with it. `null` for a person of the directory. */
  readonly tokenDigest: string | null;
  /** To the minute. */
  readonly usedAt: Date;
  readonly expiresAt: Date;
}

/** Where tokens and sessions are kept: only digests of what lets somebody in. */
export interface AccessStore {
  addToken(token: AccessToken, digest: string): Promise<void>;
  /** Newest first. */
  tokens(): Promise<readonly AccessToken[]>;
  tokenBy(digest: string): Promise<AccessToken | null>;
  /** The token that is gone now; `null` when there was none. */
  removeToken(id: string): Promise<AccessToken | null>;
  tokenUsed(id: string, at: Date): Promise<void>;
  /** Ends what has expired as well. */
  addSession(session: Session): Promise<void>;
  sessionBy(digest: string): Promise<Session | null>;
  sessionUsed(digest: string, at: Date): Promise<void>;
  removeSession(digest: string): Promise<void>;
}
