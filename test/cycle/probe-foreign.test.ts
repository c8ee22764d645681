// A probe of a server that others wrote, whatever dialect the job begins with.
import { afterEach, describe, expect, it } from 'vitest';
import { probeTarget } from '../../src/cycle/use-cases/probe.ts';
import type { Job } from '../../src/rules/model/job.ts';
import { noDialect } from '../../src/rules/model/target.ts';
import { startScimmy } from '../contract/servers/scimmy.ts';
import { fakeWorld, SP } from '../support/fake-deps.ts';
import { atEnd, endAll, targets } from '../target/support.ts';

afterEach(endAll);

describe('a probe of SCIMMY', () => {
  it.each([
    ['rfc', { bulk: { maxOperations: 100, maxPayloadBytes: 1_000_000 } }],
    ['entra', { elementForm: 'whole', booleans: 'json', managerForm: 'object' }],
    ['entra-062020', { elementForm: 'whole', managerForm: 'object' }],
  ])('that is spoken to in %s finds what it takes instead: %o', async (name, found) => {
    const scimmy = await startScimmy();
    atEnd(() => scimmy.close());
    const world = fakeWorld();
    world.secrets.set(SP.id, { BaseAddress: scimmy.url, SecretToken: scimmy.token });
    const job = { id: 'j', servicePrincipalId: SP.id, settings: { ScimDialect: name }, dialect: noDialect };
    const report = await probeTarget({ ...world.deps, targets: targets() }, job as unknown as Job);
    expect(report).toMatchObject({ found, left: [] });
    expect(Object.keys(report.found).toSorted()).toEqual(Object.keys(found).toSorted());
    expect(report.rows.filter(({ result }) => result === 'does not work')).toEqual([]);
  });
});
