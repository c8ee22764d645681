import { describe, expect, it } from 'vitest';
import { knobsFrom } from '../../../src/rules/scim/hints.ts';

describe('what a target says about itself', () => {
  it.each([
    [null, {}],
    [{}, {}],
    [{ filter: true, pagination: 'yes' }, {}],
    [{ filter: { supported: false, maxResults: 0 } }, {}],
    [{ patch: { supported: false }, bulk: { supported: true, maxOperations: 1000 } }, {}],
    [{ filter: { supported: true, maxResults: 20 } }, { pageSize: 20 }],
    [{ filter: { maxResults: 5000 }, pagination: { cursor: true, index: true, maxPageSize: 50 } }, { pageSize: 50 }],
    [{ pagination: { cursor: true, index: false } }, { paging: 'cursor' }],
  ])('%o is read as %o', (config, knobs) => {
    expect(knobsFrom(config)).toEqual(knobs);
  });
});
