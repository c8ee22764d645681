import { describe, expect, it } from 'vitest';
import type { Action, Deprovisioning, Outcome } from '../../../src/rules/model/decisions.ts';
import { noIds, tallyOf } from '../../../src/rules/model/id-tally.ts';
import { logEntry, referenceLogEntry } from '../../../src/rules/planning/log-entry.ts';
import type { LogFrame, ObjectLog } from '../../../src/rules/planning/log-entry.ts';
import { services, user } from '../mapping/sample-schema.ts';

const frame: LogFrame = {
  id: 'l',
  changeId: 'c',
  at: services.now,
  durationInMilliseconds: 12,
  tenantId: 'tenant',
  jobId: 'j',
  cycleId: 'cycle',
  dryRun: false,
  servicePrincipal: { id: 'sp', displayName: 'App' },
  targetSystem: 'customappsso',
};
const subject = { sourceId: 'u1', type: 'User', displayName: 'anna@example.com' } as const;
const changes = [{ path: 'active', op: 'replace', before: true, after: false }] as const;
const disable: Deprovisioning = {
  ...subject,
  kind: 'disable',
  because: 'filtered-out',
  targetId: 't1',
  changes,
  known: {},
};
const skip: Action = { ...subject, kind: 'skip', because: 'NotInScope', targetId: null, adopt: null, forget: false };
const refuse: Action = {
  ...subject,
  kind: 'refuse',
  because: 'object-error',
  error: { code: 'ImportSkipped', message: 'no value' },
};

const facts = { active: true, assigned: true, passedFilter: false, filterResults: { IT: false } };
const evidence = { presence: 'live', scope: facts, account: null } as const;

const entry = (outcome: Outcome, rest: Partial<ObjectLog> = {}) =>
  logEntry({
    ...frame,
    candidate: { object: user() },
    rule: { targetObjectName: 'urn:user' },
    scope: {
      in: false,
      because: 'filtered-out',
      facts,
    },
    match: { kind: 'unmatched' },
    queries: [],
    outcome,
    ...rest,
  });

describe('an entry of the provisioning log', () => {
  it('tells each step with its reason, and what was modified', () => {
    const told = entry({ kind: 'applied', action: disable, targetId: 't1', known: {} });
    expect(told).toMatchObject({
      provisioningAction: 'disable',
      status: 'success',
      error: null,
      sourceIdentity: {
        id: 'u1',
        displayName: 'anna@example.com',
        identityType: 'User',
        details: { userPrincipalName: 'anna@example.com' },
      },
      targetIdentity: { id: 't1', identityType: 'urn:user' },
      modifiedProperties: [{ displayName: 'active', oldValue: 'True', newValue: 'False' }],
    });
    expect(told.steps.map(({ provisioningStepType }) => provisioningStepType)).toEqual(['import', 'scoping', 'export']);
    expect(told.steps[1]).toMatchObject({
      status: 'skipped',
      details: { IsActive: 'True', ScopeEvaluationResult: '{"IT":"False"}' },
    });
    expect(told.steps[2]?.description).toBe('Account t1 was disabled, because it does not pass the scoping filter.');
  });

  it('tells how the account was found', () => {
    const by = { targetPath: 'userName', value: 'anna@example.com', priority: 1 };
    const told = entry(
      { kind: 'skipped', action: skip },
      { match: { kind: 'matched', by, resource: { id: 't7', attributes: {} } }, queries: [by] },
    );
    expect(told.steps[2]).toMatchObject({
      provisioningStepType: 'matching',
      description: "Found account t7 by userName = 'anna@example.com'.",
    });
  });

  it.each<[string, Outcome, object]>([
    [
      'a skip',
      { kind: 'skipped', action: skip },
      { status: 'skipped', provisioningAction: 'other', error: { errorCode: 'NotInScope' } },
    ],
    [
      'a refusal',
      { kind: 'failed', action: refuse, error: { code: 'ImportSkipped', message: 'no value' } },
      {
        status: 'failure',
        provisioningAction: 'other',
        error: {
          errorCode: 'ImportSkipped',
          recommendedAction: 'Give the object a value for at least one matching attribute.',
        },
      },
    ],
    [
      'a refused write',
      { kind: 'failed', action: disable, error: { code: 'BadRequest', message: 'no', status: 400, detail: 'body' } },
      {
        status: 'failure',
        provisioningAction: 'disable',
        error: { errorCode: 'BadRequest', additionalDetails: 'body' },
      },
    ],
    [
      'a held delete',
      { kind: 'held', action: disable, why: 'Ten were too many.', evidence },
      {
        status: 'warning',
        provisioningAction: 'stagedDelete',
        error: { errorCode: 'TooManyDeletes', reason: expect.stringMatching(/^Ten were too many\./) as string },
      },
    ],
    [
      'a what-if',
      { kind: 'planned', action: disable },
      { status: 'skipped', provisioningAction: 'disable', error: null },
    ],
  ])('tells %s', (_, outcome, expected) => {
    expect(entry(outcome)).toMatchObject(expected);
  });

  it('tells references by number, and members by id up to a limit', () => {
    const added = Array.from({ length: 250 }, (_, i) => `u${String(i)}`);
    const outcome = {
      ownerId: 'g1',
      attribute: 'members',
      added: tallyOf(added),
      removed: tallyOf(['x']),
      pending: tallyOf(['y']),
      refused: noIds,
      refusal: null,
      error: null,
      held: null,
      kept: false,
      unfinished: false,
    };
    const told = referenceLogEntry({ ...frame, outcome, type: 'Group', displayName: 'Staff', targetId: 't2' });
    expect(told).toMatchObject({
      status: 'warning',
      provisioningAction: 'update',
      sourceIdentity: { id: 'g1' },
      targetIdentity: { id: 't2' },
    });
    expect(told.modifiedProperties).toHaveLength(100);
    expect(told.modifiedProperties[0]).toEqual({ displayName: 'members', oldValue: 'x', newValue: null });
    expect(told.steps.map(({ provisioningStepType }) => provisioningStepType)).toEqual([
      'referenceResolution',
      'export',
    ]);
    expect(told.steps[1]?.description).toContain('250 added, 1 removed');
    const refusal = { code: 'BadRequest' as const, message: 'Member z was refused.' };
    const refused = { ...outcome, pending: noIds, refused: tallyOf(['z', 'zz']), refusal, unfinished: true };
    const failed = referenceLogEntry({
      ...frame,
      outcome: refused,
      type: 'Group',
      displayName: 'Staff',
      targetId: 't2',
    });
    expect(failed).toMatchObject({ status: 'failure', error: { errorCode: 'BadRequest' } });
    expect(failed.steps[0]).toMatchObject({ details: { Refused: 'z, zz' } });
    expect(failed.steps[0]?.description).toContain('2 refused and tried again by themselves; the rest follows');
  });
});
