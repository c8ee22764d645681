// A process of the engine that can die: at the nth call of any port from now on, before or after the call had its effect.
// From then on nothing that it does has any effect; whoever goes on is another process over the same database.
import { processPage } from '../../src/cycle/process-page.ts';
import type { UseCaseDeps } from '../../src/cycle/use-cases/deps.ts';
import { contextCache } from '../../src/cycle/run-context.ts';
import { advanceCycle } from '../../src/cycle/run-cycle.ts';
import type { CyclePhase } from '../../src/rules/model/job.ts';

export type Task =
  | { readonly kind: 'advance'; readonly cycleId: string; readonly phase: CyclePhase }
  | {
      readonly kind: 'pages';
      readonly cycleId: string;
      readonly phase: CyclePhase;
      readonly pageIds: readonly string[];
    };

export interface Death {
  readonly afterCalls: number;
  readonly when: 'before' | 'after';
}
export interface Process {
  readonly deps: UseCaseDeps;
  dieAt(death: Death): void;
  isDead(): boolean;
  run(task: Task): Promise<void>;
  /** Resolves when nothing that was under way at the death is any more. */
  quiet(): Promise<void>;
}

export function startProcess(world: UseCaseDeps): Process {
  let left: Death | null = null;
  let dead = false;
  const underWay = new Set<Promise<unknown>>();
  const call = async (work: () => Promise<unknown>): Promise<unknown> => {
    const dies = left?.afterCalls === 0 ? left.when : null;
    if (left !== null) left = { ...left, afterCalls: left.afterCalls - 1 };
    if (dead || dies === 'before') {
      dead = true;
      throw new Error('this process is dead');
    }
    const working = work();
    underWay.add(working);
    try {
      const result = await working;
      if (dies === 'after') dead = true;
      if (isDead()) throw new Error('this process is dead');
      return result;
    } finally {
      underWay.delete(working);
    }
  };
  const isDead = () => dead;
  const mortal = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => call(() => Promise.resolve(Reflect.apply(value, target, args) as unknown));
      },
    });
  const { targets } = world;
  const deps: UseCaseDeps = {
    ...world,
    directory: mortal(world.directory),
    jobs: mortal(world.jobs),
    secrets: mortal(world.secrets),
    cycles: mortal(world.cycles),
    provisioning: mortal(world.provisioning),
    listings: mortal(world.listings),
    logs: mortal(world.logs),
    queue: mortal(world.queue),
    targets: { open: (...given) => mortal(targets.open(...given)) },
  };
  const contextOf = contextCache(deps);
  return {
    deps,
    dieAt: (death) => {
      left = death;
    },
    isDead,
    run: async (task) => {
      if (task.kind === 'pages') await Promise.all(task.pageIds.map((id) => processPage(deps, contextOf, id)));
      await advanceCycle(deps, task.cycleId, task.phase);
    },
    quiet: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
