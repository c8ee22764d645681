// Pages of cycles on a real database against a real HTTP server, phase by phase, without a queue; a process can be killed
// between any two calls of the store.
import { findTemplate } from '../../config/applications/index.ts';
import type { Deps } from '../../src/cycle/ports.ts';
import { judgeCycle } from '../../src/cycle/leavers.ts';
import { processPage } from '../../src/cycle/process-page.ts';
import { runContext } from '../../src/cycle/run-context.ts';
import type { Cycle, CyclePhase } from '../../src/rules/model/job.ts';
import type { MirrorObject } from '../../src/rules/model/mirror.ts';
import { scimTargets } from '../../src/target/scim-targets.ts';
import { cycleDeps } from './deps.ts';
import { group, jobId, openWorld, servicePrincipalId, user } from '../store/world.ts';
import type { World } from '../store/world.ts';
import { goodMood, groupServer } from '../support/group-server.ts';
import type { GroupServer } from '../support/group-server.ts';

export interface CycleWorld {
  readonly world: World;
  readonly target: GroupServer;
  readonly deps: Deps;
  /** A whole cycle; answers it as it ended. Its phases run one after the other, as in life. */
  run(type?: 'initial' | 'incremental', deps?: Deps): Promise<Cycle>;
  /** Opens a cycle and works at its phases up to and with this one. */
  upTo(phase: CyclePhase, type?: 'initial' | 'incremental', deps?: Deps): Promise<Cycle>;
  /** The pages of one phase of a cycle that is under way. */
  work(cycle: Cycle, phase: CyclePhase, deps?: Deps): Promise<void>;
  finish(cycle: Cycle): Promise<Cycle>;
  /** The same process, but it dies with this error where the store is called so for the nth time. */
  dyingAt(name: 'markMembers' | 'recordMembers' | 'recordPage', nth: number): Deps;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export const person = (id: string, more: object = {}, managerId: string | null = null): MirrorObject =>
  user(id, { userPrincipalName: `${id}@contoso.com`, accountEnabled: true, mailNickname: id, ...more }, managerId);
export const team = (id: string): MirrorObject => group(id, { securityEnabled: true });

const phases = [
  'leavers',
  'deprovision',
  'users',
  'groups',
  'escrow',
  'references',
] as const satisfies readonly CyclePhase[];

export async function openCycleWorld(): Promise<CycleWorld> {
  const world = await openWorld();
  const target = await groupServer();
  const targets = scimTargets({
    userAgent: 'Provisor/test',
    allowPrivate: true,
    concurrency: 4,
    wait: () => Promise.resolve(),
  });
  const deps = cycleDeps(world.store, targets);
  const setUp = async () => {
    const template = findTemplate('scim');
    if (template === null) throw new Error('there is no template scim');
    await world.rows('UPDATE job_schema SET document = $1 WHERE job_id = $2', [JSON.stringify(template.schema), jobId]);
    await world.store.secrets.replace(servicePrincipalId, {
      BaseAddress: target.url,
      SecretToken: 's',
      SyncAll: 'True',
    });
  };
  const work = async (cycle: Cycle, phase: CyclePhase, by: Deps = deps): Promise<void> => {
    for (const id of await world.store.cycles.cutPages(cycle.id, phase))
      await processPage(by, (of) => runContext(by, of), id);
  };
  const upTo: CycleWorld['upTo'] = async (last, type = 'incremental', by = deps) => {
    const cycle = await world.begin(type);
    for (const phase of phases.slice(0, phases.indexOf(last as (typeof phases)[number]) + 1)) {
      if (phase === 'deprovision')
        await world.store.cycles.enterPhase(cycle.id, 'leavers', phase, { guard: await judgeCycle(by, cycle) });
      await work(cycle, phase, by);
    }
    return cycle;
  };
  const finish = async (cycle: Cycle): Promise<Cycle> => {
    await world.finish(cycle, cycle.to ?? 0);
    return (await world.store.cycles.get(cycle.id)) ?? cycle;
  };
  await setUp();
  return {
    world,
    target,
    deps,
    upTo,
    work,
    finish,
    run: async (type, by) => finish(await upTo('references', type, by)),
    dyingAt: (name, nth) => {
      let calls = 0;
      const alive = () => {
        calls += 1;
        if (calls >= nth) throw new Error('the process is killed');
      };
      const { provisioning } = deps;
      const dying: Pick<Deps['provisioning'], typeof name> = {
        markMembers: async (batch) => (alive(), provisioning.markMembers(batch)),
        recordMembers: async (record) => (alive(), provisioning.recordMembers(record)),
        recordPage: async (record) => (alive(), provisioning.recordPage(record)),
      };
      return { ...deps, provisioning: { ...provisioning, [name]: dying[name] } };
    },
    reset: async () => {
      await world.reset();
      await setUp();
      target.users.clear();
      target.groups.clear();
      target.members.clear();
      target.sent.length = 0;
      Object.assign(target.moods, goodMood());
    },
    close: async () => {
      await targets.close();
      await target.close();
      await world.close();
    },
  };
}
