// Connections kept open per origin and TLS identity, closed when nobody has used them for a while.
import { createHash } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';

import type { TlsIdentity } from '../rules/model/target.ts';

export interface Agents {
  /** The agent stays open at least until `work` has ended. */
  use<T>(origin: string, tls: TlsIdentity | null, work: (agent: Dispatcher) => Promise<T>): Promise<T>;
  /** Agents that are open at the moment. */
  size(): number;
  close(): Promise<void>;
}

interface Kept {
  readonly agent: Agent;
  users: number;
  idle: NodeJS.Timeout | null;
}

export function openAgents(options: Agent.Options, idleMs: number): Agents {
  const agents = new Map<string, Kept>();
  const kept = (key: string, tls: TlsIdentity | null): Kept => {
    const made = agents.get(key) ?? { agent: new Agent(withIdentity(options, tls)), users: 0, idle: null };
    agents.set(key, made);
    return made;
  };
  const retire = (key: string, { agent }: Kept): void => {
    agents.delete(key);
    void agent.close();
  };
  return {
    async use(origin, tls, work) {
      const key = `${origin} ${identityKey(tls)}`;
      const used = kept(key, tls);
      if (used.idle !== null) clearTimeout(used.idle);
      used.users += 1;
      try {
        return await work(used.agent);
      } finally {
        used.users -= 1;
        if (used.users === 0 && agents.get(key) === used)
          used.idle = setTimeout(() => retire(key, used), idleMs).unref();
      }
    },
    size: () => agents.size,
    async close() {
      const open = [...agents.values()];
      agents.clear();
      for (const { idle } of open) if (idle !== null) clearTimeout(idle);
      await Promise.all(open.map(({ agent }) => agent.destroy()));
    },
  };
}

/** Tells identities apart without holding them. */
export const identityKey = (tls: TlsIdentity | null): string =>
  tls === null ? '' : createHash('sha256').update(JSON.stringify(tls)).digest('base64');

/** An authority of the application's own is trusted beside the public ones. */
function withIdentity(options: Agent.Options, tls: TlsIdentity | null): Agent.Options {
  if (tls === null) return options;
  const { certificate, key, passphrase, authorities } = tls;
  return {
    ...options,
    connect: {
      ...(options.connect as object),
      ...(certificate === null || key === null ? {} : { cert: certificate, key }),
      ...(passphrase === null ? {} : { passphrase }),
      ...(authorities === null ? {} : { ca: [...rootCertificates, authorities] }),
    },
  };
}
