// How requests to a target are signed in.

export interface Credential {
  /** Value of the Authorization header; `null` = none. Throws SystemError when no token can be had. */
  authorization(): Promise<string | null>;
  /** After a 401: forgets what was refused; false when a new one cannot be had. */
  renew(refused: string | null): boolean;
  /** How messages name it: `does not accept …`. */
  readonly name: string;
  /** Texts that are never shown. */
  secrets(): readonly string[];
}

export function bearerToken(token: string | null): Credential {
  return {
    authorization: () => Promise.resolve(token === null ? null : `Bearer ${token}`),
    renew: () => false,
    name: token === null ? 'requests without a token' : 'the secret token',
    secrets: () => (token === null ? [] : [token]),
  };
}
