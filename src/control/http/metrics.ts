// /metrics in Prometheus' form, and the measure of every answer. No secret, no object's name.
import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from '../options.ts';

export function installMetrics(app: FastifyInstance, { metrics }: Pick<ServerOptions, 'metrics'>): void {
  app.addHook('onResponse', (request, reply, done) => {
    metrics.answered({
      method: request.method,
      // As the route is written, so that ids make no series.
      route: request.routeOptions.url ?? 'none',
      status: String(reply.statusCode),
      seconds: reply.elapsedTime / 1000,
    });
    done();
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
