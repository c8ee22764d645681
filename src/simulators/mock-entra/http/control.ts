// /mock: what Graph has no call for: the faults in force, and the requests received.
import type { JsonObject } from '../../../rules/model/json.ts';
import { readFaults, type Faults } from '../faults.ts';
import type { Directory } from '../state/directory.ts';
import type { Answer, Call, World } from './call.ts';
import { badRequest, GraphError } from './errors.ts';

export interface RequestRecord {
  readonly method: string;
  /** Path and query as received. */
  readonly path: string;
}
export interface RequestLog {
  readonly count: number;
  /** The latest, oldest first. */
  readonly last: readonly RequestRecord[];
  add(record: RequestRecord): void;
  reset(): void;
}

const remembered = 1000;

export function createRequestLog(): RequestLog {
  let count = 0;
  let last: RequestRecord[] = [];
  return {
    get count() {
      return count;
    },
    get last() {
      return last;
    },
    add(record) {
      count += 1;
      last.push(record);
      if (last.length > remembered * 2) last = last.slice(-remembered);
    },
    reset() {
      count = 0;
      last = [];
    },
  };
}

/** Answers a call below /mock; throws GraphError. */
export function answerControl(
  world: World,
  log: RequestLog,
  call: Pick<Call, 'method' | 'segments' | 'query' | 'body'>,
): Answer {
  switch (`${call.method} ${call.segments.join('/')}`) {
    case 'GET faults':
      return { status: 200, body: { ...world.faults.current } };
    case 'POST faults':
      applyFaults(world, call.body);
      return { status: 200, body: { ...world.faults.current } };
    case 'GET requests':
      return { status: 200, body: shown(log, Number(call.query.get('last') ?? 100)) };
    case 'POST requests/reset':
      log.reset();
      return { status: 204 };
    default:
      throw new GraphError(
        404,
        'BadRequest',
        'Known are GET and POST /mock/faults, GET /mock/requests, POST /mock/requests/reset.',
      );
  }
}

const shown = (log: RequestLog, last: number): JsonObject => ({
  count: log.count,
  last: log.last.slice(-Math.max(1, Math.min(remembered, last || 1))).map(({ method, path }) => ({ method, path })),
});

function applyFaults(world: World, body: unknown): void {
  const faults = checked(body);
  world.faults.set(faults);
  expireLinks(world.directory, faults);
}

function checked(body: unknown): Partial<Faults> {
  try {
    return readFaults(body);
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}

/** The two faults that are events: they are recorded as changes, so that a restart does not undo them. */
export function expireLinks(directory: Directory, faults: Partial<Faults>): void {
  if (faults.expireTokens === true) directory.commit([{ op: 'expireTokens' }]);
  if (faults.resetGeneration === true) directory.commit([{ op: 'resetGeneration' }]);
}
