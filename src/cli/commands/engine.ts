// provisor start, api, scheduler, worker, notifier, migrate: the parts of the engine itself, as processes.
import { Command } from 'commander';
import { readSettings } from '../../../config/settings.ts';
import type { Settings } from '../../../config/settings.ts';
import type * as app from '../../app.ts';

type App = typeof app;
type Finish = (exitCode: number) => void;

/** Each ends with the exit code that the engine answers. The engine is loaded only when it runs, so that help is quick. */
export function engineCommands(finish: Finish): readonly Command[] {
  const role = (name: string, description: string, run: (parts: App, settings: Settings) => Promise<number>): Command =>
    new Command(name).description(description).action(async () => {
      const settings = readSettings();
      finish(await run(await loadApp(), settings));
    });
  return [
    new Command('start')
      .description('everything in one process: database, directory, engine, API')
      .option('--once', 'end after the first cycles; exit code 0 when all is in step')
      .action(async ({ once }: { readonly once?: boolean }) => {
        const settings = readSettings();
        finish(await (await loadApp()).runStart(settings, { once: once ?? false }));
      }),
    role('api', 'the API only', (parts, settings) => parts.runApi(settings)),
    role('scheduler', 'the scheduler only', (parts, settings) => parts.runScheduler(settings)),
    role('worker', 'one worker; start as many as there is work for', (parts, settings) => parts.runWorker(settings)),
    role('notifier', 'sends mail and webhooks about jobs; one is enough', (parts, settings) =>
      parts.runNotifier(settings),
    ),
    role('migrate', 'bring the database up to date and end', (parts, settings) => parts.runMigrate(settings)),
    new Command('secrets')
      .description('secrets at rest')
      .addCommand(
        role('rotate-key', 'encrypt every secret with a new key; what runs goes on', (parts, settings) =>
          parts.runRotateKey(settings),
        ),
      ),
  ];
}

const loadApp = (): Promise<App> => import('../../app.ts');
