// Bodies: JSON whatever its parameters, an empty one where none is needed, checked by a zod schema.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';

/** Clients send `Content-Type: application/json` with an empty body on actions such as start. */
export function installBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('remove', 'remove');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text.trim() === '') done(null, undefined);
    else void parse(request, text, done);
  });
}

/** Throws ZodError, which is answered with the properties that are wrong. */
export const readBody = <T extends z.ZodType>(schema: T, request: FastifyRequest): z.output<T> =>
  schema.parse(request.body ?? {});
