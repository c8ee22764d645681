import { describe, expect, it } from 'vitest';
import { askable, isFilterable } from '../../../src/rules/matching/askable.ts';

const filterable = { User: ['userName', 'emails[type eq "work"].value'], Group: null };
const by = (targetPath: string) => ({ targetPath, value: 'a', priority: 1 });

describe('look-ups that a target can answer', () => {
  it('are those by its filterable attributes, in any case and spacing', () => {
    expect(isFilterable({ filterable }, 'User', 'USERNAME')).toBe(true);
    expect(isFilterable({ filterable }, 'User', 'emails[ type eq "work" ].value')).toBe(true);
    expect(isFilterable({ filterable }, 'User', 'externalId')).toBe(false);
    expect(isFilterable({ filterable }, 'Group', 'externalId')).toBe(true);
  });
  it('keep their order; all are kept where none can be asked', () => {
    expect(askable([by('externalId'), by('userName')], { filterable }, 'User')).toEqual([by('userName')]);
    expect(askable([by('externalId')], { filterable }, 'User')).toEqual([by('externalId')]);
  });
});
