// /api/events: cycles, jobs and log lines as server-sent events. Who lost the connection goes on where it was (Last-Event-ID).
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { ConfigError } from '../../rules/model/errors.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { Problem } from '../http/problem.ts';
import { eventHub } from './event-hub.ts';
import type { EventHub, Follower, HubEvent } from './event-hub.ts';

const HEARTBEAT_MS = 15_000;
const MOST_FOLLOWERS = 200;
/** Characters that wait for a client; who reads slower is cut off, and resumes. */
const MOST_WAITING = 4 * 1024 * 1024;

const filters = z.object({ jobId: z.string().min(1).optional().describe('Of this job only.') });

export function eventRoutes(app: FastifyInstance, deps: UseCaseDeps): Readonly<Record<string, Resource>> {
  const hub = eventHub(deps);
  const streams = new Set<Readable>();
  app.addHook('preClose', (done) => {
    for (const stream of streams) stream.push(null);
    done();
  });
  return { '/events': { GET: follow(hub, streams) } };
}

const follow = (hub: EventHub, streams: Set<Readable>): Operation => ({
  summary: 'Server-sent events: cycle, job and log, of one job or of all. Last-Event-ID goes on after an interruption.',
  role: 'reader',
  status: 200,
  query: filters,
  answer: z.string().meta({ contentType: 'text/event-stream' }),
  handle: (request, reply) => {
    const { jobId } = filters.parse(request.query);
    const place = placeOf(request);
    if (hub.size() >= MOST_FOLLOWERS) throw tooMany();
    const stream = new Readable({ read: () => undefined });
    const follower = followerOn(stream, place, (event) => jobId === undefined || event.jobId === jobId);
    const heartbeat = setInterval(() => stream.push(':\n\n'), HEARTBEAT_MS);
    streams.add(stream);
    stream.once('close', () => {
      clearInterval(heartbeat);
      streams.delete(stream);
      hub.leave(follower);
    });
    stream.push('retry: 2000\n\n');
    hub.follow(follower);
    return Promise.resolve(reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream));
  },
});

function followerOn(stream: Readable, place: string | null, wants: (event: HubEvent) => boolean): Follower {
  return {
    place,
    tell(events, reached) {
      if (stream.readableLength > MOST_WAITING) return void stream.destroy();
      const wanted = events.filter(wants);
      // The id stands at the last event only: who is cut off before it is told the whole look again.
      for (const [index, { event, data }] of wanted.entries())
        stream.push(
          `${index === wanted.length - 1 ? `id: ${reached}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
        );
    },
  };
}

/** Throws ConfigError for an id that no event had. */
function placeOf({ headers }: FastifyRequest): string | null {
  const last = headers['last-event-id'];
  if (last === undefined || last === '') return null;
  if (typeof last === 'string' && /^\d{1,19}-\d{1,19}$/.test(last)) return last;
  throw new ConfigError(
    'Request_BadRequest',
    'This Last-Event-ID was not given out here. Leave it out to begin with what happens now.',
    'Last-Event-ID',
  );
}

const tooMany = (): Problem =>
  new Problem({
    status: 503,
    code: 'serviceNotAvailable',
    message: `${String(MOST_FOLLOWERS)} clients follow events already. Close some, or follow on another API process.`,
  });
