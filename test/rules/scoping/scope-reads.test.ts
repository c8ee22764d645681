// What filters look at beside an object's own row, and when time alone may change their answer.
import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../../src/rules/mapping/compile.ts';
import type { FilterGroup } from '../../../src/rules/model/schema.ts';
import { scopeReads } from '../../../src/rules/scoping/scope-reads.ts';
import { clause, filterOf, sampleSchema } from '../mapping/sample-schema.ts';

const since = new Date('2026-03-01T12:00:00Z');
const reads = (groups: readonly FilterGroup[], now = '2026-03-01T12:40:00Z', last: Date | null = since) =>
  scopeReads(compileSchema(sampleSchema({ users: { scope: filterOf(groups) } })), last, new Date(now));

describe('the reads of filters', () => {
  it('are none without filters that look elsewhere', () => {
    const nothing = { groups: { direct: [], transitive: [] }, manager: false, dates: [] };
    expect(reads([clause('department', 'EQUALS', 'IT'), clause('employeeHireDate', 'BEFORE', '2026-01-01')])).toEqual(
      nothing,
    );
    expect(scopeReads(compileSchema(sampleSchema()), null, since)).toEqual(nothing);
  });

  it('name groups once, also those of input and category filters, and the manager', () => {
    const scope = {
      groups: [clause('memberOf', 'EQUALS', 'a', 'b'), clause('manager', 'IS NULL')],
      inputFilterGroups: [clause('memberOf', 'NOT EQUALS', 'b')],
      categoryFilterGroups: [clause('transitiveMemberOf', 'EQUALS', 'c')],
    };
    expect(scopeReads(compileSchema(sampleSchema({ users: { scope } })), since, since)).toEqual({
      groups: { direct: ['a', 'b'], transitive: ['c'] },
      manager: true,
      dates: [],
    });
  });

  const window = { type: 'User', path: ['employeeHireDate'] };
  it('hold the stretch that a moving date has passed over since everything was evaluated', () => {
    expect(reads([clause('employeeHireDate', 'BEFORE', 'DateAdd("d", 14, Now())')]).dates).toEqual([
      { ...window, from: '2026-03-15T12:00:00', to: '2026-03-15T12:40:01' },
    ]);
  });

  it('hold whole days for dates that are equal by the day, when a day has begun', () => {
    const today = [clause('employeeHireDate', 'EQUALS', 'Now()')];
    expect(reads(today).dates).toEqual([]);
    expect(reads(today, '2026-03-02T00:10:00Z').dates).toEqual([
      { ...window, from: '2026-03-01T00:00:00', to: '2026-03-03T00:00:00' },
    ]);
  });

  it('hold every date when it is not known what the last evaluation counted from', () => {
    expect(reads([clause('employeeHireDate', 'AFTER', 'Now()')], undefined, null).dates).toEqual([
      { ...window, from: null, to: null },
    ]);
  });
});
