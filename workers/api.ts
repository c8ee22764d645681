// The API process: control plane and operations API over http and https.
import { readSettings } from '../config/settings.ts';
import { runApi } from '../src/app.ts';

process.exitCode = await runApi(readSettings());
