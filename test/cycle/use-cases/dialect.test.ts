import { describe, expect, it } from 'vitest';
import { keepFinding } from '../../../src/cycle/job-dialect.ts';
import { createJob, patchJob } from '../../../src/cycle/use-cases/jobs.ts';
import { putSecrets } from '../../../src/cycle/use-cases/secrets.ts';
import { noDialect } from '../../../src/rules/model/target.ts';
import { fakeWorld, SP } from '../../support/fake-deps.ts';

async function world() {
  const { deps, jobs, audits } = fakeWorld();
  const address = (value: string) => putSecrets(deps, SP.id, [{ key: 'BaseAddress', value }], 'me');
  await address('https://app.example/scim');
  const { id } = await createJob(deps, { servicePrincipalId: SP.id, templateId: 'scim', actor: 'me' });
  const job = () => jobs.get(id) ?? Promise.reject(new Error('no job'));
  const learn = async (why: string) =>
    keepFinding(deps, await job(), { knobs: { opCase: 'capital' }, proven: ['User simple: path capital'], why });
  return { deps, audits, address, job, learn };
}

describe('what a job finds out about its application', () => {
  it('is kept, and on record once however often it is found', async () => {
    const { audits, job, learn } = await world();
    const before = audits.length;
    await learn('the application refused lower case');
    await learn('again');
    expect(await job()).toMatchObject({
      dialect: { found: { opCase: 'capital' }, proven: ['User simple: path capital'] },
    });
    expect(audits.slice(before)).toMatchObject([
      { actor: 'Provisor', after: { because: 'the application refused lower case' } },
    ]);
  });

  it('is forgotten when the tenant URL leads to another application, and kept when only the token changes', async () => {
    const { address, job, learn } = await world();
    await learn('it said so');
    await address('https://app.example/scim');
    expect((await job()).dialect.found).toEqual({ opCase: 'capital' });
    await address('https://other.example/scim');
    expect((await job()).dialect).toMatchObject({ found: {}, proven: [] });
  });

  it('is forgotten when an administrator chooses the dialect, whose name is checked', async () => {
    const { deps, job, learn } = await world();
    await learn('it said so');
    await patchJob(deps, await job(), { actor: 'me', settings: { ScimDialect: 'Entra' } });
    expect((await job()).dialect.found).toEqual(noDialect.found);
    await expect(patchJob(deps, await job(), { actor: 'me', settings: { ScimDialect: 'okta' } })).rejects.toThrow(
      'ScimDialect',
    );
  });
});
