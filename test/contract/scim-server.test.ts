// The contract suite: against servers that others wrote, the simulator, and any server that is named by
// SCIM_CONTRACT_URL (with SCIM_CONTRACT_TOKEN), which is walked through alone then.
import { afterEach, describe, expect, it } from 'vitest';

import { rfcDialect } from '../../src/rules/model/target.ts';
import { startScimSimulator } from '../../src/simulators/scim/start.ts';
import { scimTargets } from '../../src/target/scim-targets.ts';
import { walk } from './scim-server.ts';
import type { Finding } from './scim-server.ts';
import { startBetterAuth } from './servers/better-auth.ts';
import { startScimmy } from './servers/scimmy.ts';

interface Server {
  readonly url: string;
  readonly token: string | null;
  close(): Promise<unknown>;
}

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function visit(server: Server): Promise<readonly Finding[]> {
  const targets = scimTargets({ userAgent: 'Provisor/contract', allowPrivate: true, concurrency: 4 });
  endings.push(
    () => server.close(),
    () => targets.close(),
  );
  return walk(() => targets.open({ baseAddress: server.url, token: server.token }, rfcDialect));
}

const failures = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ works }) => !works).map(({ capability, why }) => `${capability}: ${why}`);

const named = process.env['SCIM_CONTRACT_URL'];

const theNamed = (url: string): void => {
  it('can do what the engine needs', async () => {
    const token = process.env['SCIM_CONTRACT_TOKEN'] ?? null;
    const findings = await visit({ url, token, close: () => Promise.resolve() });
    for (const { capability, works, why } of findings)
      process.stdout.write(`${works ? 'yes' : 'NO '}  ${capability}${why === '' ? '' : `: ${why}`}\n`);
    expect(failures(findings)).toEqual([]);
  });
};

const ours = (): void => {
  it('the simulator can do', async () => {
    const token = 'contract';
    const simulator = await startScimSimulator({ port: 0, token });
    const findings = await visit({ url: simulator.url, token, close: () => simulator.close() });
    expect(failures(findings)).toEqual([]);
    expect(findings.length).toBeGreaterThan(35);
    expect(simulator.state()).toMatchObject({ users: [], groups: [] });
  });

  it('SCIMMY can do, but for look-ups in another case', async () => {
    // Its filters compare as the letters stand: an account written in another case is found by its 409 only.
    expect(failures(await visit(await startScimmy()))).toEqual(['match in another case: found 0 accounts']);
  });

  it('better-auth can do', async () => {
    expect(failures(await visit(await startBetterAuth()))).toEqual([]);
  });
};

if (named === undefined) describe('what the engine asks of a SCIM 2.0 server', ours);
else describe(`the server at ${named}`, () => theNamed(named));
