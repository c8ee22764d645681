// `npm start`: database, mock tenant, simulators, engine, API and workers in one process, and a screen that says what runs.
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { join } from 'node:path';
import { gallery } from '../../config/applications/gallery.ts';
import type { Settings } from '../../config/settings.ts';
import { usesMock } from '../../config/settings.ts';
import { ownCa } from '../control/own-ca.ts';
import { runCycle } from '../cycle/use-cases/cycles.ts';
import { startMockEntra } from '../simulators/mock-entra/start.ts';
import type { MockEntra } from '../simulators/mock-entra/start.ts';
import { openApi, refuseSecond } from './api.ts';
import type { Api } from './api.ts';
import { cycleTable, watchCycles } from './console-screen.ts';
import type { WatchedJob } from './console-screen.ts';
import { setUpDemo } from './demo.ts';
import type { ApiCall, DemoJob } from './demo.ts';
import { directoryEndpoint, openEngine, openGround, openLogger } from './engine.ts';
import type { Engine, Ground } from './engine.ts';
import { portFor } from './ports.ts';
import { startNotifier, startScheduler, startWorker } from './roles.ts';
import { goodbye, greeting, nextSteps } from './texts.ts';

interface Part {
  close(): Promise<void>;
}

export async function startEverything(
  settings: Settings,
  options: { readonly once: boolean },
  stopped: AbortSignal,
): Promise<number> {
  // A laptop runs the demo beside other things: the heap grows in small steps. Nothing is capped.
  if (wantsDemo(settings)) setFlagsFromString('--heap-growing-percent=20');
  const ground = await openGround(settings);
  await refuseSecond(ground.dataDir);
  const logFile = join(ground.dataDir, 'provisor.log');
  const parts: Part[] = [];
  const opened = <T extends Part>(part: T): T => {
    parts.unshift(part);
    return part;
  };
  try {
    const mock = usesMock(settings) ? opened(await openMock(settings, ground)) : null;
    const engine = opened(
      await openEngine(settings, ground, openLogger(settings, logFile), directoryEndpoint(settings, mock?.url)),
    );
    const api = opened(await openApi(engine));
    const demo = wantsDemo(settings)
      ? await setUpDemo(apiCalls(api, ground.adminToken), ground.dataDir, ground.adminToken)
      : [];
    for (const { simulator } of demo) opened(simulator);
    opened(await startScheduler(engine));
    opened(await startWorker(engine));
    opened(startNotifier(engine));
    say(
      greeting({
        api,
        mock: mock?.url ?? null,
        demo,
        engine,
        logFile,
        adminTokenFile: join(ground.dataDir, 'admin-token'),
      }),
    );
    const inStep = await firstCycles(engine, demo, stopped);
    if (options.once) return inStep ? 0 : 1;
    if (!stopped.aborted) say(nextSteps(api, demo, ground.dataDir));
    if (!stopped.aborted) await once(stopped, 'abort');
    say(goodbye);
    return 0;
  } finally {
    for (const part of parts) await part.close();
  }
}

const wantsDemo = (settings: Settings): boolean => usesMock(settings) && (settings.PROVISOR_DEMO ?? true);

async function openMock(settings: Settings, { dataDir, adminToken }: Ground): Promise<MockEntra> {
  const tls = await ownCa(dataDir);
  return startMockEntra({
    port: await portFor(settings, 'MOCK_ENTRA_PORT', 'localhost'),
    users: settings.MOCK_ENTRA_USERS,
    groups: settings.MOCK_ENTRA_GROUPS,
    seed: 1,
    dataDir: join(dataDir, 'mock-entra'),
    tls,
    acceptToken: adminToken,
    applicationTemplates: gallery,
  });
}

/** Every active job runs one cycle at start; answers whether all of them are in step. */
async function firstCycles({ deps }: Engine, demo: readonly DemoJob[], stopped: AbortSignal): Promise<boolean> {
  const names = new Map(demo.map(({ jobId, displayName }) => [jobId, displayName]));
  const active = (await deps.jobs.list()).filter(({ scheduleState }) => scheduleState === 'Active');
  const jobs = await Promise.all(
    active.map(async (job): Promise<WatchedJob> => {
      const { cycle } = await runCycle(deps, job, {
        type: 'incremental',
        dryRun: false,
        trigger: 'start',
        actor: 'start',
      });
      return { displayName: names.get(job.id) ?? job.id, cycleId: cycle.id };
    }),
  );
  if (jobs.length === 0) return true;
  const begun = Date.now();
  const cycles = await watchCycles(jobs, (id) => deps.cycles.get(id), stopped);
  if (stopped.aborted) return false;
  say(`First cycles ended after ${((Date.now() - begun) / 1000).toFixed(1)} s:\n\n${cycleTable(jobs, cycles)}\n`);
  for (const cycle of cycles) if (cycle?.error != null) say(`${cycle.error.code}: ${cycle.error.message}\n`);
  return cycles.every((cycle) => cycle?.state === 'succeeded');
}

function apiCalls({ url }: Api, token: string): ApiCall {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${String(response.status)}: ${text}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
