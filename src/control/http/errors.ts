// Answers refusals with Graph's error body. Bugs are logged with the request's id and show nothing of their insides.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientRequestId } from './headers.ts';
import { problemFor } from './problem.ts';
import type { ProblemFacts } from './problem.ts';

export function installErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemFor(error, request.routeOptions.bodyLimit);
    if (problem.status >= 500) request.log.error({ err: error, requestId: request.id }, 'request failed');
    return sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, noSuchRoute(request)));
}

const noSuchRoute = (request: FastifyRequest): ProblemFacts => ({
  status: 404,
  code: 'UnknownError',
  message: `No resource matches ${request.method} ${pathOf(request)}. GET /api/openapi.json lists what there is.`,
});

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ProblemFacts): FastifyReply {
  const client = clientRequestId(request);
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  return reply.code(problem.status).send({
    error: {
      code: problem.code,
      message: problem.message,
      ...(problem.target === undefined ? {} : { target: problem.target }),
      ...(problem.details === undefined ? {} : { details: problem.details }),
      innerError: {
        date: new Date().toISOString().slice(0, 19),
        'request-id': request.id,
        'client-request-id': client ?? request.id,
      },
    },
  });
}

/** As the client wrote it, without the query. */
export const pathOf = (request: FastifyRequest): string => request.originalUrl.split('?', 1)[0] ?? '';
