// Lives a history: the real pipeline and the real database, the real SCIM client against an application in its own room,
// and beside them the truth and the witness. At the end the faults stop, cycles run to rest, and the application is
// compared with what the truth says.
import pg from 'pg';
import { scimTargets } from '../../src/target/scim-targets.ts';
import { runCycle } from '../../src/cycle/use-cases/cycles.ts';
import type { UseCaseDeps } from '../../src/cycle/use-cases/deps.ts';
import { pauseJob, restartJob, startJob } from '../../src/cycle/use-cases/job-life-cycle.ts';
import { patchJob } from '../../src/cycle/use-cases/jobs.ts';
import { jobOf } from '../../src/cycle/use-cases/not-found.ts';
import { provisionOnDemand } from '../../src/cycle/use-cases/provision-on-demand.ts';
import { readRestartScope } from '../../src/cycle/use-cases/restart-scope.ts';
import { runDueCycle } from '../../src/cycle/use-cases/schedule.ts';
import { putSchema } from '../../src/cycle/use-cases/schema.ts';
import { putSecrets } from '../../src/cycle/use-cases/secrets.ts';
import { resumeCycles } from '../../src/cycle/run-cycle.ts';
import { ConfigError } from '../../src/rules/model/errors.ts';
import type { Job } from '../../src/rules/model/job.ts';
import { noDialect } from '../../src/rules/model/target.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { fingerprinter } from '../../src/store/secrets/fingerprint.ts';
import { secretKey } from '../store/world.ts';
import { testDatabase } from '../support/postgres.ts';
import { openApplications } from './application.ts';
import type { Application, Applications, Fault, Write } from './application.ts';
import { byKind } from './by-kind.ts';
import type { ByKind } from './by-kind.ts';
import { differences } from './compare.ts';
import { modelDirectory } from './directory.ts';
import type { ModelDirectory } from './directory.ts';
import { userNameOf } from './oracle.ts';
import { startProcess } from './process.ts';
import type { Process, Task } from './process.ts';
import { document } from './settings.ts';
import type { Settings } from './settings.ts';
import type { History, Step } from './steps.ts';
import { changed, nobody, personAt, teamAt } from './truth.ts';
import type { Truth } from './truth.ts';
import { ownerOf, witnessAt } from './witness.ts';
import type { Witness } from './witness.ts';

const TOKEN = 'the-token-that-no-log-may-show';
const HOUR = 3_600_000;
/** More tasks than any history needs: something goes round in circles. */
const MOST_TASKS = 400;
/** Cycles, a day apart, after which everything that can heal has healed. */
const MOST_CYCLES_TO_REST = 12;

export interface Ground {
  readonly store: Store;
  readonly applications: Applications;
  readonly targets: ReturnType<typeof scimTargets>;
  /** Time passes until what a dead process had in hand is free. */
  lapse(cyclesOf: string): Promise<void>;
  close(): Promise<void>;
}

export async function openGround(): Promise<Ground> {
  const database = await testDatabase();
  // Nothing is lost but speed: no history is about a database that loses its last commits.
  const databaseUrl = `${database.url}?options=${encodeURIComponent('-c synchronous_commit=off')}`;
  const store = await openStore({ databaseUrl, secretKey, poolSize: 16 });
  const leases = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const applications = await openApplications();
  const targets = scimTargets({
    userAgent: 'Provisor/test',
    allowPrivate: true,
    concurrency: 4,
    wait: () => Promise.resolve(),
  });
  return {
    store,
    applications,
    targets,
    lapse: async (cyclesOf) => {
      await leases.query('UPDATE page SET held_until = now() WHERE starts_with(cycle_id, $1)', [`${cyclesOf}-`]);
    },
    close: async () => {
      await leases.end();
      await targets.close();
      await applications.close();
      await store.close();
      await database.drop();
    },
  };
}

let lives = 0;

/** Throws with everything that was wrong. */
export async function live(ground: Ground, history: History): Promise<void> {
  const life = await Life.begin(ground, history, `h${String((lives += 1))}`);
  try {
    for (const step of history.steps) await life.step(step);
    await life.comeToRest();
  } finally {
    await life.end();
  }
}

class Life {
  private readonly queue: Task[] = [];
  private readonly lines: string[] = [];
  private readonly begun = Date.now();
  private passed = 0;
  private made = 0;
  private process: Process;
  private truth: Truth = nobody;
  private settings: Settings;
  private readonly directory: ModelDirectory;
  private readonly witness: Witness;
  private readonly ground: Ground;
  private readonly name: string;
  /** An initial cycle over what is in step costs as much as the rest: a third of the histories end with one. */
  private readonly looksTwice: boolean;
  private readonly application: Application;

  private constructor(ground: Ground, history: History, name: string) {
    this.ground = ground;
    this.name = name;
    this.looksTwice = history.steps.length % 3 === 0;
    this.settings = history.settings;
    this.application = ground.applications.open(name);
    this.witness = witnessAt(this.application, { truth: nobody, settings: history.settings });
    this.directory = modelDirectory(ground.store.mirror, name, {
      truth: () => this.truth,
      wasRead: (truth) => {
        this.witness.wasRead(truth);
      },
    });
    this.process = startProcess(this.world());
  }

  static async begin(ground: Ground, history: History, name: string): Promise<Life> {
    const life = new Life(ground, history, name);
    const { store } = ground;
    const template = { tenantId: name, servicePrincipalId: name, templateId: 'scim', intervalSeconds: 2400 };
    const settings = jobSettings(history.settings);
    await store.jobs.create({
      ...template,
      id: name,
      settings,
      dialect: noDialect,
      schema: document(history.settings),
    });
    await store.secrets.replace(name, Object.fromEntries(life.secrets().map(({ key, value }) => [key, value])));
    await store.jobs.update(name, { scheduleState: 'Active' });
    for (const stranger of history.strangers)
      life.application.make('Users', { userName: userNameOf(stranger), active: true });
    return life;
  }

  async end(): Promise<void> {
    await this.process.quiet();
    this.ground.applications.shut(this.name);
    await this.ground.store.jobs.delete(this.name);
  }

  async step(step: Step): Promise<void> {
    await this.surviving(() => this.take(step));
    this.complain();
  }

  async comeToRest(): Promise<void> {
    Object.assign(this.application, { always: null, refusedTitle: null });
    this.directory.mend();
    for (const left of Object.values(this.application.next)) left.length = 0;
    this.process = startProcess(this.world());
    await resumeCycles(this.process.deps, ({ jobId }) => jobId === this.name);
    await this.drain();
    for (let cycles = 0; ; cycles += 1) {
      this.passed += 25 * HOUR;
      await this.approve();
      const { accepted } = await this.writesOf(() => this.cycle());
      if (accepted.length === 0 && (await this.held()) === 0) break;
      if (cycles === MOST_CYCLES_TO_REST) this.complain([`The job does not come to rest: ${shown(accepted)}`]);
    }
    this.complain(differences(this.truth, this.settings, this.application, this.witness));
    await this.checkStillness();
  }

  /** Nothing has changed and nothing is due: an incremental cycle sends nothing, an initial one changes nothing. */
  private async checkStillness(): Promise<void> {
    const again = await this.writesOf(() => this.cycle());
    const { quarantine } = await this.job();
    this.complain([
      ...again.sent.map((write) => `An unchanged cycle sent ${shown([write])}.`),
      ...(quarantine === null ? [] : [`The job is still in quarantine: ${quarantine.reason}.`]),
      ...this.lines.filter((line) => line.includes(TOKEN)).map(() => 'The log shows the secret token.'),
    ]);
    if (!this.looksTwice) return;
    await this.take({ kind: 'restart', scopes: 'Watermark' });
    const initial = await this.writesOf(() => this.cycle());
    this.complain(initial.accepted.map((write) => `An initial cycle over what is in step sent ${shown([write])}.`));
  }

  private async writesOf(work: () => Promise<void>) {
    const { writes } = this.application;
    const from = writes.length;
    await work();
    const sent = writes.slice(from);
    return { sent, accepted: sent.filter(({ accepted }) => accepted) };
  }

  private complain(more: readonly string[] = []): void {
    const all = [...this.witness.complaints, ...more];
    if (all.length > 0) throw new Error(all.join('\n'));
  }

  private async take(step: Step): Promise<void> {
    await byKind(this.ways, step);
  }

  private readonly ways: ByKind<Step, Promise<unknown> | undefined> = {
    change: ({ change }) => {
      this.truth = changed(this.truth, change);
      this.witness.truthIs(this.truth);
      return undefined;
    },
    settings: ({ change }) => this.change(change),
    trouble: ({ of, fault, after, times }) => {
      this.application.next[of].push(...Array<null>(after).fill(null), ...Array<Fault>(times).fill(fault));
      return undefined;
    },
    always: ({ fault }) => {
      this.application.always = fault;
      return undefined;
    },
    'refuse-title': ({ title }) => {
      this.application.refusedTitle = title;
      return undefined;
    },
    'break-read': () => {
      this.directory.breakNextRead();
      return undefined;
    },
    lose: (step) => {
      this.lose(step);
      return undefined;
    },
    crash: ({ death }) => {
      this.process.dieAt(death);
      return undefined;
    },
    begin: () => this.open(),
    cycle: () => this.cycle(),
    run: async () => {
      await this.opened(async () => runCycle(this.process.deps, await this.job(), operator));
      await this.drain();
    },
    work: ({ tasks }) => this.drain(tasks),
    pause: async () => pauseJob(this.process.deps, await this.job(), 'operator'),
    start: async () => startJob(this.process.deps, await this.job(), 'operator'),
    restart: async (step) => {
      const scopes = readRestartScope(step.scopes);
      if (scopes.has('ConnectorDataStore')) this.witness.forgets();
      await restartJob(this.process.deps, await this.job(), scopes, 'operator');
    },
    'on-demand': ({ who, dryRun }) => this.onDemand({ type: 'User', id: personAt(this.truth, who) }, [], dryRun),
    'on-demand-team': ({ team, who }) =>
      this.onDemand({ type: 'Group', id: teamAt(this.truth, team) }, [personAt(this.truth, who)], false),
    later: ({ hours }) => {
      this.passed += hours * HOUR;
      return undefined;
    },
  };

  private async cycle(): Promise<void> {
    await this.open();
    await this.drain();
  }

  private open(): Promise<void> {
    return this.opened(() => runDueCycle(this.process.deps, this.name));
  }

  /** What was set before a cycle is opened is no evidence any more. */
  private async opened(open: () => Promise<unknown>): Promise<void> {
    const running = (await this.ground.store.cycles.unfinished()).some(({ jobId }) => jobId === this.name);
    if (!running) this.witness.cycleOpens();
    await open();
  }

  private async onDemand(subject: { type: 'User' | 'Group'; id: string }, members: readonly string[], dryRun: boolean) {
    const { deps } = this.process;
    // The run is worked at while it is asked for, so that nobody waits.
    const advance: UseCaseDeps['queue']['advance'] = async (cycleId, phase) => {
      await deps.queue.advance(cycleId, phase);
      await this.drain();
    };
    const queue = { ...this.world().queue, advance };
    await provisionOnDemand({ ...deps, queue }, await this.job(), { subject, members, dryRun, actor: 'operator' });
  }

  private async change(change: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...change };
    this.witness.settingsAre(this.settings);
    const { deps } = this.process;
    const job = await this.job();
    if ('everybody' in change || 'skipsLeavers' in change) await putSecrets(deps, this.name, this.secrets(), 'admin');
    else if ('limit' in change || 'anyRole' in change)
      await patchJob(deps, job, { actor: 'admin', settings: jobSettings(this.settings) });
    else {
      const put = await putSchema(deps, job, document(this.settings), 'admin');
      if (!put.ok) throw new Error(JSON.stringify(put.findings));
    }
  }

  private lose({ type, nth }: Extract<Step, { kind: 'lose' }>): void {
    const all = type === 'Users' ? this.application.users() : this.application.groups();
    const one = all[nth];
    if (one === undefined) return;
    this.witness.loses(ownerOf(one) ?? '');
    this.application.drop(type, one.id);
  }

  private async approve(): Promise<void> {
    const { deps } = this.process;
    if ((await this.held()) > 0) await restartJob(deps, await this.job(), readRestartScope('ForceDeletes'), 'operator');
    await startJob(deps, await this.job(), 'operator');
  }

  /** What only an administrator lets go. */
  private held(): Promise<number> {
    return this.process.deps.jobs.heldCount(this.name);
  }

  private job(): Promise<Job> {
    return jobOf(this.process.deps, this.name);
  }

  private async drain(most = Infinity): Promise<void> {
    for (let done = 0; done < most; done += 1) {
      const task = this.queue.shift();
      if (task === undefined) return;
      if (done > MOST_TASKS) throw new Error(`The cycle does not end: ${JSON.stringify(task)}`);
      await this.surviving(() => this.process.run(task));
    }
  }

  /** A dead process is followed by another, and its queue is lost with it; what an administrator did wrong is refused. */
  private async surviving(work: () => Promise<void>): Promise<void> {
    const { process } = this;
    try {
      await work();
    } catch (error) {
      if (!process.isDead() && !(error instanceof ConfigError)) throw error;
    }
    if (!process.isDead() || process !== this.process) return;
    await process.quiet();
    this.process = startProcess(this.world());
    this.queue.length = 0;
    await this.ground.lapse(this.name);
    await resumeCycles(this.process.deps, ({ jobId }) => jobId === this.name);
  }

  private secrets() {
    return [
      { key: 'BaseAddress', value: this.application.url },
      { key: 'SecretToken', value: TOKEN },
      { key: 'SyncAll', value: String(this.settings.everybody) },
      { key: 'SkipOutOfScopeDeletions', value: String(this.settings.skipsLeavers) },
    ];
  }

  private world(): UseCaseDeps {
    const { store, targets } = this.ground;
    const note = (fields: object, message: string): void => void this.lines.push(message + JSON.stringify(fields));
    const ask = (task: Task): Promise<void> => Promise.resolve(void this.queue.push(task));
    return {
      ...store,
      clock: { now: () => new Date(this.begun + this.passed) },
      newId: () => `${this.name}-${String((this.made += 1))}`,
      random: () => 0.5,
      servicePrincipalsNamed: () => Promise.resolve([]),
      channels: { recipients: [], webhooks: [], mailIsSetUp: false, send: nobodyIsTold },
      publicUrl: null,
      directory: this.directory,
      targets,
      fingerprint: fingerprinter(secretKey),
      logger: { info: note, warn: note },
      queue: {
        advance: (cycleId, phase) => ask({ kind: 'advance', cycleId, phase }),
        pages: (cycleId, phase, pageIds) => ask({ kind: 'pages', cycleId, phase, pageIds }),
        schedule: () => Promise.resolve(),
        unschedule: () => Promise.resolve(),
      },
      templates: { find: () => null, list: () => [] },
      checkTenantUrl: () => null,
      servicePrincipalByAppId: () => Promise.resolve(null),
      servicePrincipalOfApplication: () => Promise.resolve(null),
      tenantId: this.name,
      defaultIntervalSeconds: 2400,
    };
  }
}

const shown = (writes: readonly Write[]): string =>
  writes.map(({ method, type, body }) => `${method} ${type} ${body}`).join('; ');

const operator = { type: 'incremental', dryRun: false, trigger: 'operator', actor: 'operator' } as const;

const jobSettings = ({ limit, anyRole, recreates }: Settings): Readonly<Record<string, string>> => ({
  QuarantineTooManyDeletesThreshold: limit === null ? 'off' : String(limit),
  AllowDefaultEntitlement: anyRole ? 'True' : 'False',
  InvalidAnchorAction: recreates ? 'Recreate' : 'Escrow',
});

const nobodyIsTold = (): never => {
  throw new Error('nobody is told in a history');
};
