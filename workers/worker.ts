// A cycle worker: processes pages and advances cycles. Start as many as the load needs (with REDIS_URL or one DATABASE_URL).
import { readSettings } from '../config/settings.ts';
import { runWorker } from '../src/app.ts';

process.exitCode = await runWorker(readSettings());
