import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/control/graph/filter/parse.ts';
import { ConfigError } from '../../src/rules/model/errors.ts';
import { logEntryOf } from '../support/fake-deps.ts';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

interface Page {
  readonly value: readonly { readonly id: string }[];
  readonly '@odata.nextLink'?: string;
}
let control: Control;
beforeEach(async () => {
  control = await openControl();
  control.world.log.push(
    logEntryOf(1),
    logEntryOf(2, { jobId: 'job-2', provisioningAction: 'update' }),
    logEntryOf(3, {
      status: 'failure',
      error: {
        errorCode: 'Conflict',
        reason: 'Taken.',
        errorCategory: 'nonServiceFailure',
        additionalDetails: null,
        recommendedAction: 'Rename it.',
      },
    }),
    logEntryOf(4, { sourceIdentity: { id: 'u', displayName: "Miles O'Brien", identityType: 'User', details: {} } }),
  );
});
afterEach(() => control.close());

const read = (query: string) => control.send('GET', `/v1.0/auditLogs/provisioning?${query}`);
const ids = async (query: string): Promise<string[]> => (await read(query)).json<Page>().value.map(({ id }) => id);
const filtered = (filter: string): Promise<string[]> => ids(`$filter=${encodeURIComponent(filter)}`);

describe('the provisioning log', () => {
  it('is in the shape of each version', async () => {
    const path = 'auditLogs/provisioning/entry-3';
    const entry = (await control.send('GET', `/v1.0/${path}`)).json<Record<string, unknown>>();
    expect(entry).toEqual({
      '@odata.context': 'http://localhost:80/v1.0/$metadata#auditLogs/provisioning/$entity',
      id: 'entry-3',
      activityDateTime: '2026-05-18T10:00:03.000Z',
      tenantId: 'ff8bf889-e031-41ac-8f7b-aedb059892ee',
      jobId: 'job-1',
      cycleId: 'cycle-1',
      changeId: 'change-3',
      provisioningAction: 'create',
      durationInMilliseconds: 12,
      initiatedBy: { id: '', displayName: 'Azure AD Provisioning Service', initiatorType: 'system' },
      servicePrincipal: { id: '6d1a9c1e-0000-4000-8000-000000000001', displayName: 'Contoso Intranet' },
      sourceSystem: { id: '', displayName: 'Microsoft Entra ID', details: {} },
      targetSystem: {
        id: '',
        displayName: 'Contoso Intranet',
        details: {
          ServicePrincipalId: '6d1a9c1e-0000-4000-8000-000000000001',
          ServicePrincipalDisplayName: 'Contoso Intranet',
        },
      },
      sourceIdentity: { id: 'user-3', displayName: 'User 3', identityType: 'User', details: {} },
      targetIdentity: {
        id: '',
        displayName: '',
        identityType: 'urn:ietf:params:scim:schemas:core:2.0:User',
        details: {},
      },
      provisioningStatusInfo: {
        status: 'failure',
        errorInformation: {
          errorCode: 'Conflict',
          reason: 'Taken.',
          additionalDetails: null,
          errorCategory: 'nonServiceFailure',
          recommendedAction: 'Rename it.',
        },
      },
      provisioningSteps: [
        {
          name: 'EntryImportAdd',
          provisioningStepType: 'import',
          status: 'success',
          description: 'Received',
          details: {},
        },
      ],
      modifiedProperties: [{ displayName: 'userName', oldValue: null, newValue: 'user3' }],
    });
    const beta = (await control.send('GET', `/beta/${path}`)).json<Record<string, unknown>>();
    expect(beta).toMatchObject({
      action: 'Create',
      statusInfo: { '@odata.type': '#microsoft.graph.statusDetails', status: 'failure', errorCode: 'Conflict' },
    });
  });

  it('comes newest first, or in the order that is asked for', async () => {
    expect(await ids('')).toEqual(['entry-4', 'entry-3', 'entry-2', 'entry-1']);
    expect(await ids('$orderby=activityDateTime')).toEqual(['entry-1', 'entry-2', 'entry-3', 'entry-4']);
    expect(await ids('$orderby=activityDateTime%20desc')).toEqual(['entry-4', 'entry-3', 'entry-2', 'entry-1']);
  });

  it.each([
    ["jobid eq 'job-2'", ['entry-2']],
    ["JOBID EQ 'job-1' and provisioningStatusInfo/status eq 'failure'", ['entry-3']],
    ["contains(sourceIdentity/displayName, 'O''Brien')", ['entry-4']],
    ["contains(sourceIdentity/displayName, 'o''brien')", []],
    ['activityDateTime gt 2026-05-18T10:00:02Z', ['entry-4', 'entry-3']],
    ['activityDateTime ge 2026-05-18T10:00:02Z and activityDateTime lt 2026-05-18T10:00:04Z', ['entry-3', 'entry-2']],
    ["activityDateTime le '2026-05-18T10:00:01Z'", ['entry-1']],
    ['activityDateTime eq 2026-05-18T10:00:02.000Z', ['entry-2']],
    [
      "initiatedBy/displayName eq 'Azure AD Provisioning Service' and servicePrincipal/name eq 'Contoso Intranet'",
      ['entry-4', 'entry-3', 'entry-2', 'entry-1'],
    ],
    [
      "(provisioningAction eq 'update' or sourceIdentity/id eq 'user-1') and not (jobId eq 'job-9')",
      ['entry-2', 'entry-1'],
    ],
    ["jobId eq ''' or 1 eq 1 --'", []],
  ])('is filtered by %s', async (filter, expected) => {
    expect(await filtered(filter)).toEqual(expected);
  });

  it('is read page by page along next links, each as long as asked for, nothing missing, nothing twice', async () => {
    const log = control.world.log;
    log.length = 0;
    for (let n = 0; n < 1300; n += 1)
      log.push(
        logEntryOf(n, { provisioningAction: n % 3 === 0 ? 'create' : 'update', tenantId: n % 7 === 0 ? 'a' : 'b' }),
      );
    const lengths: number[] = [];
    const seen: string[] = [];
    let path: string | undefined =
      `/v1.0/auditLogs/provisioning?$top=10&$filter=${encodeURIComponent("tenantId eq 'a'")}`;
    while (path !== undefined) {
      const page: Page = (await control.send('GET', path)).json<Page>();
      lengths.push(page.value.length);
      seen.push(...page.value.map(({ id }) => id));
      path = page['@odata.nextLink']?.replace('http://localhost:80', '');
    }
    const expected = log.filter(({ tenantId }) => tenantId === 'a').map(({ id }) => id);
    expect(seen).toEqual(expected.toReversed());
    expect(lengths.slice(0, -1).every((length) => length === 10)).toBe(true);
  });

  it.each([
    ['$filter=jobId eq', '$filter'],
    ["$filter=nothing eq 'x'", '$filter'],
    ["$filter=__proto__ eq 'x'", '$filter'],
    ["$filter=substringof('x', jobId)", '$filter'],
    [`$filter=${'('.repeat(200)}`, '$filter'],
    ['$filter=activityDateTime gt 2026-13-45T00:00:00Z', '$filter'],
    ["$filter=activityDateTime gt 'yesterday'", '$filter'],
    ['$filter=jobId eq 5', '$filter'],
    ["$filter=durationInMilliseconds gt '5'", '$filter'],
    ['$filter=activityDateTime gt true', '$filter'],
    ["$filter=jobId eq 'x' or activityDateTime gt 'yesterday'", '$filter'],
    ['$filter=activityDateTime gt 2026-02-31T', '$filter'],
    ['$top=0', '$top'],
    ['$top=many', '$top'],
    ['$orderby=jobId', '$orderby'],
    ['$skip=3', '$skip'],
    ['$search=Ada', '$search'],
    ['$top=1&$top=2', '$top'],
  ])('refuses %s and names the option', async (query, target) => {
    const answer = await read(query.replaceAll(' ', '%20'));
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ error: { target: string } }>().error.target).toBe(target);
  });
});

describe('$filter', () => {
  it('is parsed or refused, whatever it is', () => {
    const words = fc.constantFrom(
      'jobId',
      'eq',
      "'x'",
      '(',
      ')',
      'and',
      'or',
      'not',
      'contains',
      ',',
      '1',
      'null',
      '2026-01-01T00:00:00Z',
      "'",
      '$',
      ' ',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 30 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
    );
  });
});
