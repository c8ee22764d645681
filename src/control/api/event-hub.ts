// What happens, told to everybody who follows it: one look at the database serves them all, and none while nobody follows.
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import type { Cycle, Job } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { cycleShape } from './cycle-shape.ts';

export interface HubEvent {
  readonly event: 'cycle' | 'job' | 'log';
  readonly jobId: string;
  readonly data: JsonObject;
}
export interface Follower {
  /** Place in the log up to which it was told; `null` until it is known where the log ends. */
  place: string | null;
  /** Events of one look, in order, with the place that they lead to. */
  tell(events: readonly HubEvent[], place: string): void;
}

/** A job tells of its progress at most four times a second. */
const LOOK_EVERY_MS = 250;

export function eventHub(deps: UseCaseDeps) {
  const followers = new Map<Follower, Seen>();
  let timer: NodeJS.Timeout | null = null;

  const look = async (): Promise<void> => {
    const [cycles, jobs] = await Promise.all([deps.cycles.unfinished(), deps.jobs.list()]);
    const end = once(() => deps.feed.end());
    const after = once((place: string) => deps.feed.after(place));
    const cycleOf = once((id: string) => deps.cycles.get(id));
    for (const [follower, seen] of followers) {
      follower.place ??= await end('');
      const { lines, place } = await after(follower.place);
      const events = [
        ...(await cycleNews(cycleOf, seen, cycles)),
        ...jobNews(seen, jobs),
        ...lines.map((line): HubEvent => ({
          event: 'log',
          jobId: line.jobId,
          data: { ...line, at: line.at.toISOString() },
        })),
      ];
      follower.place = place;
      if (events.length > 0) follower.tell(events, place);
    }
  };
  const again = (): void => {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => {
          deps.logger.warn({ err: error }, 'followers of events could not be told; tried again at once');
        })
        .finally(() => {
          if (followers.size > 0) again();
          else timer = null;
        });
    }, LOOK_EVERY_MS);
  };
  return {
    follow(follower: Follower): void {
      followers.set(follower, { cycles: new Map(), jobs: new Map() });
      if (timer === null) again();
    },
    leave: (follower: Follower): void => void followers.delete(follower),
    size: (): number => followers.size,
  };
}
export type EventHub = ReturnType<typeof eventHub>;

/** What several followers ask for in one look is read once. */
function once<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const answer = known.get(key) ?? read(key);
    known.set(key, answer);
    return answer;
  };
}

/** What a follower was told last: a cycle or job that stands as it was told is not told again. */
interface Seen {
  readonly cycles: Map<string, string>;
  readonly jobs: Map<string, string>;
}

async function cycleNews(
  cycleOf: (id: string) => Promise<Cycle | null>,
  { cycles: seen }: Seen,
  running: readonly Cycle[],
): Promise<readonly HubEvent[]> {
  const gone = [...seen.keys()].filter((id) => !running.some((cycle) => cycle.id === id));
  const ended = await Promise.all(gone.map(cycleOf));
  for (const id of gone) seen.delete(id);
  const changed = running.filter((cycle) => isNews(seen, cycle.id, cycleShape(cycle)));
  return [...ended.filter((cycle) => cycle !== null), ...changed].map((cycle) => ({
    event: 'cycle',
    jobId: cycle.jobId,
    data: cycleShape(cycle),
  }));
}

function jobNews({ jobs: seen }: Seen, jobs: readonly Job[]): readonly HubEvent[] {
  const gone = [...seen.keys()].filter((id) => !jobs.some((job) => job.id === id));
  for (const id of gone) seen.delete(id);
  return [
    ...gone.map((id): HubEvent => ({ event: 'job', jobId: id, data: { id, deleted: true } })),
    ...jobs
      .filter((job) => isNews(seen, job.id, jobShape(job)))
      .map((job): HubEvent => ({ event: 'job', jobId: job.id, data: jobShape(job) })),
  ];
}

const jobShape = ({ id, scheduleState, intervalSeconds, quarantine }: Job): JsonObject => ({
  id,
  scheduleState,
  intervalSeconds,
  quarantine: quarantine && { reason: quarantine.reason, nextAttempt: quarantine.nextAttempt.toISOString() },
});

function isNews(seen: Map<string, string>, id: string, shape: JsonObject): boolean {
  const text = JSON.stringify(shape);
  if (seen.get(id) === text) return false;
  seen.set(id, text);
  return true;
}
