import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/rules/model/json.ts';
import type { DialectKnobs } from '../../../src/rules/model/target.ts';
import { dialects, withKnobs } from '../../../src/rules/scim/dialects.ts';
import { alternatives } from '../../../src/rules/scim/fallback.ts';
import { hintsOf, wordsForHints } from '../../../src/rules/scim/hints.ts';

const described = (config: JsonObject | null, types: readonly JsonObject[] | null = null) => ({
  config,
  resourceTypes: types,
  schemas: null,
});
const said = (config: JsonObject | null, told: DialectKnobs = {}, types: readonly JsonObject[] | null = null) =>
  hintsOf(described(config, types), withKnobs(dialects.rfc, told), told);
const claims = { bulk: null, etag: false, groups: true, patch: true };

describe('what a target says of itself', () => {
  it.each<[JsonObject | null, DialectKnobs]>([
    [null, {}],
    [{}, {}],
    [{ filter: true, pagination: 'yes' }, {}],
    [{ filter: { supported: false, maxResults: 0 } }, {}],
    [{ filter: { supported: true, maxResults: 20 } }, { pageSize: 20 }],
    [{ filter: { maxResults: 5000 }, pagination: { cursor: true, index: true, maxPageSize: 50 } }, { pageSize: 50 }],
    [{ pagination: { cursor: true, index: false } }, { paging: 'cursor' }],
    [{ patch: { supported: false } }, { claims: { ...claims, patch: false } }],
    [{ etag: { supported: true } }, { claims: { ...claims, etag: true } }],
    [{ bulk: { supported: false, maxOperations: 50 } }, {}],
    [{ bulk: { supported: true, maxOperations: 1 } }, {}],
    [
      { bulk: { supported: true, maxOperations: 20 } },
      { claims: { ...claims, bulk: { maxOperations: 20, maxPayloadBytes: 1_000_000 } } },
    ],
    [
      { bulk: { supported: true, maxOperations: 5000, maxPayloadSize: 4096 } },
      { claims: { ...claims, bulk: { maxOperations: 100, maxPayloadBytes: 4096 } } },
    ],
  ])('%o is read as %o', (config, knobs) => {
    expect(said(config)).toEqual(knobs);
  });

  it('is news once', () => {
    const config = {
      filter: { maxResults: 20 },
      bulk: { supported: true, maxOperations: 20 },
      patch: { supported: false },
    };
    expect(said(config, said(config))).toEqual({});
    expect(said(null, said(config))).toEqual({});
  });

  it('counts less than what was found out, or what somebody says', () => {
    expect(said({ pagination: { cursor: true } }, { paging: 'none' })).toEqual({});
    expect(said({ filter: { maxResults: 200 } }, { pageSize: 50 })).toEqual({});
  });

  it('leads to no bulk request: a probe has to see one answered first', () => {
    expect(said({ bulk: { supported: true, maxOperations: 20 } })).not.toHaveProperty('bulk');
  });

  it('tells where there are no groups, and believes no empty list', () => {
    const user = { name: 'User', endpoint: '/Users' };
    expect(said({}, {}, [user])).toEqual({ claims: { ...claims, groups: false } });
    expect(said({}, {}, [user, { id: 'x', endpoint: '/Groups' }])).toEqual({});
    expect(said({}, {}, [])).toEqual({});
  });

  it('is told in words', () => {
    const hints = said({ patch: { supported: false }, filter: { maxResults: 5 } });
    expect(wordsForHints(hints)).toBe(
      'the application says of itself that it takes no PATCH, shows 5 resources per page',
    );
  });
});

describe('a target that says that it takes no PATCH', () => {
  const change = [{ op: 'replace', path: 'title', value: 'x' }] as const;
  const denied = withKnobs(dialects.rfc, { claims: { ...claims, patch: false } });
  it('is written whole as the first thing after a refusal, also one without a reason', () => {
    for (const refusal of ['form', 'unsaid'] as const)
      expect(alternatives(denied, 'User', change, refusal)[0]).toEqual({ update: { User: 'put', Group: 'patch' } });
  });

  it('is not written a group whole, which could lose members', () => {
    expect(alternatives(denied, 'Group', change, 'form').filter((knobs) => 'update' in knobs)).toEqual([]);
  });
});
