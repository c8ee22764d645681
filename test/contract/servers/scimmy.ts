// SCIMMY behind its express routers, with its resources in memory: a SCIM 2.0 server that others wrote.
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

const TOKEN = 'scimmy-token';

export interface ForeignServer {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}
type Stored = Record<string, unknown> & { id: string };

/** SCIMMY's declarations are the process's own: one server at a time. */
export async function startScimmy(): Promise<ForeignServer> {
  const users = shelf('userName');
  const groups = shelf('displayName');
  SCIMMY.Resources.declare(SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser), users);
  SCIMMY.Resources.declare(SCIMMY.Resources.Group, groups);
  const app = express();
  const handler = (request: express.Request): string => {
    if (request.header('authorization') !== `Bearer ${TOKEN}`) throw new Error('Wrong token');
    return 'somebody';
  };
  app.use('/scim', new SCIMMYRouters({ type: 'bearer', handler }));
  const http = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/scim`,
    token: TOKEN,
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}

interface Asked {
  readonly id?: string;
  readonly filter?: { match(resources: readonly Stored[]): Stored[] };
}

/** Resources of one type, unique by one attribute as in a real service. */
function shelf(unique: string) {
  const stored = new Map<string, Stored>();
  const known = (id: string): Stored => {
    const found = stored.get(id);
    if (found === undefined) throw new SCIMMY.Types.Error(404, null as never, `Resource ${id} not found`);
    return found;
  };
  return {
    egress: ({ id, filter }: Asked) => {
      if (id !== undefined) return known(id);
      const all = [...stored.values()];
      return filter === undefined ? all : filter.match(all);
    },
    ingress: (resource: { id?: string | undefined }, data: object) => {
      const id = resource.id ?? randomUUID();
      if (resource.id !== undefined) known(id);
      const value = ((data as Record<string, unknown>)[unique] as string).toLowerCase();
      const twin = [...stored.values()].find((each) => (each[unique] as string).toLowerCase() === value);
      if (twin !== undefined && twin.id !== id)
        throw new SCIMMY.Types.Error(409, 'uniqueness', `${unique} ${value} is taken`);
      const next = { ...(JSON.parse(JSON.stringify(data)) as object), id };
      stored.set(id, next);
      return next;
    },
    degress: (resource: { id?: string | undefined }) => {
      stored.delete(known(resource.id ?? '').id);
    },
  } as never;
}
