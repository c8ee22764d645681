// Puts a resource on the server: its methods with role and description, 405 for the others, an entry in the catalogue.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { sendProblem } from './errors.ts';
import type { NeededRole } from './authenticate.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof methods)[number];

export interface Operation {
  /** One line for the API's description. */
  readonly summary: string;
  /** The least that is needed. `anyone`: also who is not signed in. */
  readonly role: NeededRole;
  readonly body?: z.ZodType;
  /** Query options, for the API's description; the handler reads them. */
  readonly query?: z.ZodObject;
  /** What success answers with; none for 204. A media type other than JSON stands in its metadata as `contentType`. */
  readonly answer?: z.ZodType;
  /** Bytes; 1 MiB unless told. */
  readonly bodyLimit?: number;
  /** Status of success, for the API's description. */
  readonly status: 200 | 201 | 202 | 204 | 302;
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}
export type Resource = Readonly<Partial<Record<Method, Operation>>>;

export interface CatalogueEntry {
  readonly path: string;
  readonly method: Method;
  readonly operation: Operation;
}

/** Hears what an operation answers before it is sent; tests hold it against the description. */
export type AnswerWatch = (entry: CatalogueEntry, request: FastifyRequest, answer: unknown) => void;

export interface Mounting {
  readonly catalogue: CatalogueEntry[];
  readonly watch?: AnswerWatch | undefined;
}

/** Mounts resources below a prefix and notes them in the catalogue. */
export function mountAll(
  app: FastifyInstance,
  prefix: string,
  resources: Readonly<Record<string, Resource>>,
  mounting: Mounting,
): void {
  for (const [path, resource] of Object.entries(resources)) mount(app, `${prefix}${path}`, resource, mounting);
}

function mount(app: FastifyInstance, path: string, resource: Resource, { catalogue, watch }: Mounting): void {
  const offered = methods.filter((method) => resource[method] !== undefined);
  for (const method of methods) {
    const operation = resource[method];
    if (operation === undefined) {
      app.route({ method, url: path, handler: (request, reply) => notAllowed(request, reply, offered) });
      continue;
    }
    const entry = { path, method, operation };
    catalogue.push(entry);
    app.route({
      method,
      url: path,
      config: { role: operation.role },
      ...(operation.bodyLimit === undefined ? {} : { bodyLimit: operation.bodyLimit }),
      handler: async (request, reply) => {
        reply.code(operation.status);
        const answer = await operation.handle(request, reply);
        watch?.(entry, request, answer);
        return operation.status === 204 ? reply.send() : answer;
      },
    });
  }
}

const notAllowed = (request: FastifyRequest, reply: FastifyReply, offered: readonly Method[]): FastifyReply =>
  sendProblem(request, reply.header('allow', offered.join(', ')), {
    status: 405,
    code: 'Request_BadRequest',
    message: `Specified HTTP method is not allowed for the request target. Use ${offered.join(' or ')}.`,
  });

/** A parameter of the route; it is there, because the route has matched. */
export function param(request: FastifyRequest, name: string): string {
  const value = (request.params as Readonly<Record<string, string>>)[name];
  if (value === undefined) throw new Error(`route ${request.routeOptions.url ?? ''} has no parameter ${name}`);
  return value;
}
