// Checks the bearer token of a Graph call: a token of this authority, or the one token that was agreed on.
import { createHash, timingSafeEqual } from 'node:crypto';
import { jwtVerify } from 'jose';
import { GraphError } from '../http/errors.ts';
import type { SigningKey } from './signing-key.ts';

export type CheckBearer = (header: string | undefined) => Promise<void>;

/** Tokens whose signature was checked, with their expiry: checking one takes longer than answering most calls. */
const rememberedTokens = 200;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Returns a check that throws 401 InvalidAuthenticationToken. */
export function bearerCheck(key: SigningKey, acceptToken: string | undefined, now: () => Date): CheckBearer {
  const accepted = acceptToken === undefined ? null : digest(acceptToken);
  const known = new Map<string, number>();
  return async (header) => {
    const token = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
    if (token === undefined) throw refused('Access token is empty.');
    if (accepted !== null && timingSafeEqual(digest(token), accepted)) return;
    const seconds = now().getTime() / 1000;
    const expiry = known.get(token) ?? (await verify(token, key, now()));
    if (expiry <= seconds) throw refused('Lifetime validation failed, the token is expired.');
    const [oldest] = known.keys();
    if (known.size >= rememberedTokens && oldest !== undefined) known.delete(oldest);
    known.set(token, expiry);
  };
}

async function verify(token: string, key: SigningKey, currentDate: Date): Promise<number> {
  try {
    const { payload } = await jwtVerify(token, key.publicKey, { algorithms: ['RS256'], currentDate });
    return payload.exp ?? 0;
  } catch (error) {
    throw refused(`The access token is not valid: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

const refused = (message: string): GraphError => new GraphError(401, 'InvalidAuthenticationToken', message);
