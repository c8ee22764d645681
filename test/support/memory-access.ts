// Tokens and sessions in memory; test/store/access.test.ts runs the same rules on the real store.
import type { AccessStore, AccessToken, Session } from '../../src/rules/model/access.ts';

export function memoryAccess(): AccessStore {
  const tokens = new Map<string, AccessToken>();
  const sessions = new Map<string, Session>();
  return {
    addToken: (token, digest) => Promise.resolve(void tokens.set(digest, token)),
    tokens: () => Promise.resolve([...tokens.values()].toReversed()),
    tokenBy: (digest) => Promise.resolve(tokens.get(digest) ?? null),
    removeToken: (id) => {
      const [digest, token] = [...tokens].find(([, each]) => each.id === id) ?? ['', null];
      tokens.delete(digest);
      return Promise.resolve(token);
    },
    tokenUsed: (id, lastUsedAt) => {
      for (const [digest, token] of tokens) if (token.id === id) tokens.set(digest, { ...token, lastUsedAt });
      return Promise.resolve();
    },
    addSession: (session) => Promise.resolve(void sessions.set(session.digest, session)),
    sessionBy: (digest) => Promise.resolve(sessions.get(digest) ?? null),
    sessionUsed: (digest, usedAt) => {
      const session = sessions.get(digest);
      if (session !== undefined) sessions.set(digest, { ...session, usedAt });
      return Promise.resolve();
    },
    removeSession: (digest) => Promise.resolve(void sessions.delete(digest)),
  };
}
