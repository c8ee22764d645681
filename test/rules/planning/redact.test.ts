import { describe, expect, it } from 'vitest';
import { redactedError } from '../../../src/rules/mapping/redact.ts';
import { matchQueries } from '../../../src/rules/matching/match.ts';
import { modifiedProperty } from '../../../src/rules/planning/log-entry.ts';
import { matchingSteps } from '../../../src/rules/planning/log-steps.ts';
import { rfcDialect } from '../../../src/rules/model/target.ts';
import { planObject } from '../../../src/rules/planning/plan-object.ts';
import { directly, entraPolicy, fingerprint, mapping, sampleRule, services, user } from '../mapping/sample-schema.ts';

const secret = 'hemlig-4711';
const plan = (expression: string) =>
  planObject({
    rule: sampleRule('User', {
      users: {
        attributeMappings: [
          mapping('userName', 'Redact([userPrincipalName])', { matchingPriority: 1 }),
          mapping('nickName', expression),
        ],
      },
    }),
    candidate: { object: user({ employeeId: secret }), entitlements: directly, link: null },
    scope: {
      in: true,
      because: 'assigned',
      facts: { active: true, assigned: true, passedFilter: true, filterResults: {} },
    },
    match: { kind: 'unmatched' },
    roles: [],
    skipOutOfScopeDeletions: false,
    policy: entraPolicy,
    dialect: rfcDialect,
    services,
    fingerprint,
  });

describe('a redacted value', () => {
  it('flows unchanged and is shown nowhere', () => {
    const action = plan('Join("/", "x", Redact([employeeId]))');
    if (action.kind !== 'create') throw new Error(action.kind);
    expect(action.desired['nickName']).toBe(`x/${secret}`);
    const shown = action.changes.map(modifiedProperty);
    expect(shown).toContainEqual({ displayName: 'nickName', oldValue: null, newValue: '[Redact]' });
    expect(JSON.stringify(shown)).not.toContain(secret);
    expect(action.displayName).toBe('Anna Ek');
  });

  it('is not in the message of an expression that fails on it', () => {
    const action = plan('CDate(Redact([employeeId]))');
    expect(action).toMatchObject({
      kind: 'refuse',
      error: { code: 'AttributeEvaluationFailed', attribute: 'nickName' },
    });
    expect(JSON.stringify(action)).not.toContain(secret);
  });

  it('is not in the steps of matching', () => {
    const rule = sampleRule('User', {
      users: { attributeMappings: [mapping('userName', 'Redact([userPrincipalName])', { matchingPriority: 1 })] },
    });
    const asked = matchQueries(rule, {
      object: user(),
      softDeleted: false,
      entitlements: directly,
      roles: [],
      operation: 'create',
      services,
    });
    const queries = asked.ok ? asked.queries : [];
    expect(queries).toMatchObject([{ value: 'anna@example.com', redacted: true }]);
    expect(matchingSteps({ kind: 'unmatched' }, queries)[0]?.description).toBe(
      "No account was found by userName = '[Redact]'.",
    );
  });

  it.each([
    [`nickName ${secret} is taken`, 'nickName [Redact] is taken'],
    [`{"nickName":"${secret}"}`, '{"nickName":"[Redact]"}'],
  ])('is not in the answer of a target that repeats it: %s', (message, clean) => {
    expect(redactedError({ code: 'Conflict', message, detail: message }, [secret, null])).toEqual({
      code: 'Conflict',
      message: clean,
      detail: clean,
    });
  });

  it('is replaced where it stands alone when it is short', () => {
    const message = 'pin 12 of user 120012: "12"';
    expect(redactedError({ code: 'Conflict', message }, ['12']).message).toBe(
      'pin [Redact] of user 120012: "[Redact]"',
    );
  });
});
