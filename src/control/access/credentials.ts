// What lets somebody in: 256 random bits, of which only a digest is kept.
import { createHash, randomBytes } from 'node:crypto';

export const newSecret = (): string => randomBytes(32).toString('base64url');

/** SHA-256: of so many random bits nothing slower is needed. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const TOKEN_START = 'pvr_';
const SHOWN = TOKEN_START.length + 8;

export const newToken = (): string => TOKEN_START + newSecret();

/** What a token of ours is recognised by in lists and in logs. */
export const prefixOf = (token: string): string => token.slice(0, SHOWN);

export const isOwnToken = (token: string): boolean => token.startsWith(TOKEN_START);
