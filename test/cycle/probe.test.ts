// A probe on real targets: what it finds, and that it leaves nothing behind.
import { afterEach, describe, expect, it } from 'vitest';

import { probeTarget } from '../../src/cycle/use-cases/probe.ts';
import type { ProbeReport } from '../../src/cycle/use-cases/probe.ts';
import { noDialect } from '../../src/rules/model/target.ts';
import type { Job } from '../../src/rules/model/job.ts';
import type { ScimSimulator } from '../../src/simulators/scim/start.ts';
import { fakeWorld, SP } from '../support/fake-deps.ts';
import type { Demands, Passing } from '../target/gate.ts';
import { gate } from '../target/gate.ts';
import { endAll, simulator, targets, token } from '../target/support.ts';

afterEach(endAll);

async function probed(demands: Demands): Promise<{ report: ProbeReport; app: ScimSimulator }> {
  const app = await simulator({ seedUsers: 1 });
  const front = await gate(app, demands, token);
  const world = fakeWorld();
  world.secrets.set(SP.id, { BaseAddress: front.url, SecretToken: token });
  const job = { id: 'j', servicePrincipalId: SP.id, settings: {}, dialect: noDialect } as unknown as Job;
  const report = await probeTarget({ ...world.deps, targets: targets() }, job);
  return { report, app };
}
const removesByFilter = ({ operations }: Passing): boolean =>
  operations.some(({ op, path }) => op.toLowerCase() === 'remove' && path?.includes('[') === true);

describe('a probe', () => {
  it('finds nothing to change where everything works, and leaves nothing behind', async () => {
    const { report, app } = await probed({});
    expect(report.rows.filter(({ result }) => result !== 'works')).toEqual([]);
    expect(report).toMatchObject({ found: {}, left: [] });
    expect(report.rows.length).toBeGreaterThan(12);
    expect([app.state().users.length, app.state().groups.length]).toEqual([1, 0]);
  });

  it('finds out that members are removed by value, and that others stay', async () => {
    const { report } = await probed({ refuse: (p) => (removesByFilter(p) ? { status: 501 } : null) });
    expect(report).toMatchObject({ found: { memberRemoval: 'value' }, left: [] });
  });

  it('invariant 7: does not take a removal that takes all members for one that works', async () => {
    const { report } = await probed({
      refuse: (p) => (removesByFilter(p) ? { status: 501 } : null),
      translate: (json) => {
        const text = JSON.stringify(json);
        return text.includes('"remove"') && text.includes('"path":"members"')
          ? { ...json, Operations: [{ op: 'remove', path: 'members' }] }
          : json;
      },
    });
    expect(report.found).toEqual({ memberWrite: 'replace' });
  });

  it('finds out that groups cannot be renamed, and cleans up also then', async () => {
    const { report, app } = await probed({
      refuse: (p) =>
        p.method === 'PATCH' && JSON.stringify(p.operations).includes('displayName') && p.url.includes('/Groups')
          ? { status: 501 }
          : null,
    });
    expect(report.found).toEqual({ renamesGroups: false });
    expect([app.state().users.length, app.state().groups.length]).toEqual([1, 0]);
  });

  it('finds out that pages do not go on', async () => {
    const { report } = await probed({
      show: (json, { url }) => (url.includes('startIndex=2') ? { ...json, Resources: [], itemsPerPage: 0 } : json),
    });
    expect(report).toMatchObject({ found: { paging: 'none' }, left: [] });
  });

  it('leaves no account behind that was made though the answer could not be understood', async () => {
    const { report, app } = await probed({
      show: (json, { method }) => (method === 'POST' ? { detail: 'made' } : json),
    });
    expect(report.left).toEqual([]);
    expect([app.state().users.length, app.state().groups.length]).toEqual([1, 0]);
  });

  it('says what it could not delete', async () => {
    const { report } = await probed({ refuse: ({ method }) => (method === 'DELETE' ? { status: 403 } : null) });
    expect(report.left.length).toBe(3);
    expect(report.rows.at(-1)).toMatchObject({ step: 'delete', result: 'does not work' });
  });
});
