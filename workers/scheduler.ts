// The scheduler: starts each job's cycle when it is due, and asks for unfinished cycles again.
import { readSettings } from '../config/settings.ts';
import { runScheduler } from '../src/app.ts';

process.exitCode = await runScheduler(readSettings());
