import { describe, expect, it } from 'vitest';
import type { MappingInput } from '../../../src/rules/mapping/mapped-value.ts';
import { decideMatch, matchQueries } from '../../../src/rules/matching/match.ts';
import type { SourceObject } from '../../../src/rules/model/source-object.ts';
import { mapping, sampleRule, services, user } from '../mapping/sample-schema.ts';

const rule = sampleRule('User', {
  users: {
    attributeMappings: [
      mapping('externalId', '[employeeId]', { matchingPriority: 2 }),
      mapping('userName', '[userPrincipalName]', { matchingPriority: 1 }),
      mapping('emails[type eq "work"].value', 'ToLower([mail])', { matchingPriority: 3 }),
    ],
  },
});
const input = (object: SourceObject): MappingInput => ({
  object,
  softDeleted: false,
  entitlements: [],
  roles: [],
  operation: 'create',
  services,
});

describe('match queries', () => {
  it('ask in order of precedence and skip attributes without a value', () => {
    expect(matchQueries(rule, input(user({ mail: 'Anna@Example.com' })))).toEqual({
      ok: true,
      queries: [
        { targetPath: 'userName', value: 'anna@example.com', priority: 1 },
        { targetPath: 'emails[type eq "work"].value', value: 'anna@example.com', priority: 3 },
      ],
    });
  });

  it('refuse an object without any matching value', () => {
    const nameless = user({ userPrincipalName: null, mail: '', employeeId: null });
    expect(matchQueries(rule, input(nameless))).toMatchObject({ ok: false, error: { code: 'ImportSkipped' } });
  });

  it('refuse an object whose matching value cannot be evaluated', () => {
    const odd = sampleRule('User', {
      users: { attributeMappings: [mapping('userName', 'CDate([mail])', { matchingPriority: 1 })] },
    });
    expect(matchQueries(odd, input(user()))).toMatchObject({
      ok: false,
      error: { code: 'AttributeEvaluationFailed', attribute: 'userName' },
    });
  });
});

describe('the match verdict', () => {
  const first = { targetPath: 'userName', value: 'a', priority: 1 };
  const second = { targetPath: 'externalId', value: 'b', priority: 2 };
  const account = (id: string) => ({ id, attributes: {} });
  const decide = (...found: (readonly string[])[]) =>
    decideMatch(
      [first, second],
      found.map((ids, index) => ({ query: index === 0 ? first : second, resources: ids.map(account) })),
    );

  it('asks on while nothing was found, and ends with unmatched', () => {
    expect(decide()).toEqual({ kind: 'ask', query: first });
    expect(decide([])).toEqual({ kind: 'ask', query: second });
    expect(decide([], [])).toEqual({ kind: 'unmatched' });
  });
  it('stops at the first hit', () => {
    expect(decide(['1'])).toEqual({ kind: 'matched', resource: account('1'), by: first });
    expect(decide([], ['2'])).toEqual({ kind: 'matched', resource: account('2'), by: second });
  });
  it('takes several accounts as ambiguous, but not one account named twice', () => {
    expect(decide(['1', '2'])).toEqual({ kind: 'ambiguous', by: first, candidates: ['1', '2'] });
    expect(decide(['1', '1'])).toMatchObject({ kind: 'matched' });
  });
});
