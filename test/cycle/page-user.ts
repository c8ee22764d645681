// A process of its own that works at pages of a cycle: node page-user.ts DATABASE_URL SECRET_KEY_HEX PAGE…; says what memory it took.
import { processPage } from '../../src/cycle/process-page.ts';
import { runContext } from '../../src/cycle/run-context.ts';
import { openStore } from '../../src/store/open-store.ts';
import { scimTargets } from '../../src/target/scim-targets.ts';
import { cycleDeps } from './deps.ts';

const [databaseUrl = '', secretKey = '', ...pages] = process.argv.slice(2);
const store = await openStore({ databaseUrl, secretKey: Buffer.from(secretKey, 'hex') });
const targets = scimTargets({ userAgent: 'Provisor/test', allowPrivate: true, concurrency: 4 });
const deps = cycleDeps(store, targets);
await store.cycles.unfinished();
const idle = process.resourceUsage().maxRSS;
for (const page of pages) await processPage(deps, (cycle) => runContext(deps, cycle), page);
process.stdout.write(JSON.stringify({ idle, peak: process.resourceUsage().maxRSS }));
await targets.close();
await store.close();
