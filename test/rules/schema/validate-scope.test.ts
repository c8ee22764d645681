// Scoping filters are checked whole when they are saved, and what goes beyond Entra is named.
import { describe, expect, it } from 'vitest';
import type { SynchronizationSchema } from '../../../src/rules/model/schema.ts';
import { entraFindings } from '../../../src/rules/schema/entra-findings.ts';
import { filterOperators } from '../../../src/rules/schema/filter-operators.ts';
import { mappingOf, read, users, wire } from './documents.ts';
import type { ObjectMappingDocument } from './documents.ts';

const GROUP_ID = '3f2a8c1e-0d2f-4a8c-9d5f-3f0f6b6d1b11';
const USERS = 'synchronizationRules[0].objectMappings[0]';
const clause = (operatorName: string, sourceOperandName: string, ...values: readonly string[]) => ({
  operatorName,
  sourceOperandName,
  targetOperand: values.length === 0 ? null : { values },
});
type Change = (mapping: ObjectMappingDocument) => void;
const withScope =
  (scope: object): Change =>
  (mapping) => {
    mapping['scope'] = scope;
  };
const filtered = (...clauses: readonly object[]): Change => withScope({ groups: [{ name: 'g', clauses }] });

function errorsOf(change: Change, extensions: readonly object[] = []) {
  const document = wire();
  change(users(document));
  const source = (document['directories'] as { name: string; objects: { name: string; attributes: object[] }[] }[])
    .find(({ name }) => name === 'Azure Active Directory')
    ?.objects.find(({ name }) => name === 'User');
  source?.attributes.push(...extensions);
  const result = read(document);
  return result.ok ? [] : result.findings.filter(({ severity }) => severity === 'error');
}
const saved = (change: Change): SynchronizationSchema => {
  const document = wire();
  change(users(document));
  const result = read(document);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.schema;
};

describe('a filter that can be saved', () => {
  it.each([
    clause('EQUALS', 'department', 'Sales', 'HR'),
    clause('greater_than or_equals', 'employeeId', '0'),
    clause('&', 'extensionAttribute1', '1,2,3'),
    clause('!&', 'extensionAttribute1', '566259712'),
    clause('NOT REGEX MATCH', 'userPrincipalName', '.*\\@domain.com'),
    clause('IS NOT NULL', 'proxyAddresses'),
    clause('Includes', 'proxyAddresses', '@contoso.com'),
    clause('EQUALS', 'manager', GROUP_ID),
    clause('IS NULL', 'manager'),
    clause('EQUALS', 'memberOf', GROUP_ID, GROUP_ID.toUpperCase()),
    clause('NOT EQUALS', 'transitiveMemberOf', GROUP_ID),
    clause('EQUALS', 'appRoleAssignments', 'Administrator'),
    clause('BEFORE', 'createdDateTime', '2026-03-01'),
    clause('AFTER', 'employeeHireDate', 'DateAdd("d", -14, Now())'),
    clause('EQUALS', 'employeeHireDate', 'Now()'),
    clause('IS NULL', 'employeeHireDate'),
  ])('tests %j', (one) => {
    expect(errorsOf(filtered(one))).toEqual([]);
  });
});

describe('a filter that is refused', () => {
  const none = 'scope.groups[0].clauses';
  const at = (part: string): string => `scope.groups[0].clauses[0].${part}`;
  it.each<[string, Change, string, string]>([
    ['no clauses', withScope({ groups: [{ name: 'g', clauses: [] }] }), none, 'or remove the group'],
    [
      'no clauses for input',
      withScope({ inputFilterGroups: [{ name: 'g', clauses: [] }] }),
      'scope.inputFilterGroups[0].clauses',
      'or remove the group',
    ],
    ['no operator', filtered({ sourceOperandName: 'mail' }), at('operatorName'), 'is missing'],
    ['no attribute', filtered({ operatorName: 'IS NULL' }), at('sourceOperandName'), 'is missing'],
    ['no operand', filtered(clause('EQUALS', 'mail')), at('targetOperand'), 'targetOperand.values'],
    ['an empty operand', filtered(clause('EQUALS', 'mail', '')), at('targetOperand'), 'IS NULL'],
    ['an operand of a unary operator', filtered(clause('IS NULL', 'mail', 'x')), at('targetOperand'), 'to null'],
    ['a mistyped operator', filtered(clause('EQUAL', 'mail', 'x')), at('operatorName'), 'Did you mean EQUALS?'],
    ['an operator of nowhere', filtered(clause('STARTS_WITH', 'mail', 'x')), at('operatorName'), 'Use one of EQUALS'],
    ['IsMemberOf', filtered(clause('IsMemberOf', 'mail', 'x')), at('operatorName'), 'memberOf EQUALS'],
    ['Present', filtered(clause('Present', 'mail')), at('operatorName'), 'IS NOT NULL'],
    ['Valid Cert Match', filtered(clause('VALID_CERT_MATCH', 'mail', 'x')), at('operatorName'), 'REGEX MATCH'],
    ['a mistyped attribute', filtered(clause('EQUALS', 'deparment', 'x')), at('sourceOperandName'), 'department?'],
    ['a mistyped pseudo attribute', filtered(clause('EQUALS', 'MemberOf', 'x')), at('sourceOperandName'), 'memberOf?'],
    ['a text for a boolean', filtered(clause('EQUALS', 'accountEnabled', 'True')), at('sourceOperandName'), 'IS TRUE'],
    ['a boolean test of a text', filtered(clause('IS TRUE', 'mail')), at('sourceOperandName'), 'Use EQUALS'],
    ['a negative number', filtered(clause('GREATER_THAN', 'employeeId', '-1')), at('targetOperand'), 'digits'],
    ['a fraction', filtered(clause('GREATER_THAN', 'employeeId', '1.5')), at('targetOperand'), 'digits'],
    ['look-around', filtered(clause('REGEX MATCH', 'mail', '(?!x)')), at('targetOperand'), 'look-around'],
    ['a broken pattern', filtered(clause('REGEX MATCH', 'mail', '(x')), at('targetOperand'), 'cannot be used'],
    ['a group by its name', filtered(clause('EQUALS', 'memberOf', 'Sales')), at('targetOperand'), 'not a name'],
    [
      'a pattern for groups',
      filtered(clause('REGEX MATCH', 'memberOf', 'x')),
      at('sourceOperandName'),
      'Use EQUALS, NOT EQUALS.',
    ],
    [
      'a comparison of a date',
      filtered(clause('GREATER_THAN', 'employeeHireDate', '5')),
      at('sourceOperandName'),
      'AFTER',
    ],
    [
      'a date operator for a text',
      filtered(clause('BEFORE', 'mail', '2026-01-01')),
      at('sourceOperandName'),
      'Use EQUALS',
    ],
    ['no date', filtered(clause('AFTER', 'employeeHireDate', 'soon')), at('targetOperand'), 'neither a date'],
    [
      'an unknown function',
      filtered(clause('AFTER', 'employeeHireDate', 'Soon()')),
      at('targetOperand'),
      'neither a date',
    ],
    [
      'an expression that gives no date',
      filtered(clause('AFTER', 'employeeHireDate', 'Guid()')),
      at('targetOperand'),
      'gives no date',
    ],
    [
      'a date from the object',
      filtered(clause('AFTER', 'employeeHireDate', 'DateAdd("d", 1, [createdDateTime])')),
      at('targetOperand'),
      'reads createdDateTime',
    ],
  ])('with %s names the place and the remedy', (_, change, path, words) => {
    const errors = errorsOf(change);
    const found = errors.find((error) => error.path === `${USERS}.${path}`);
    expect(found, JSON.stringify(errors)).toBeDefined();
    expect(found?.mapping).toBe('Provision Azure Active Directory Users');
    expect(`${found?.message ?? ''} ${found?.remedy ?? ''}`).toContain(words);
  });

  it('compares an attribute that the schema defines as an integer with whole numbers only', () => {
    const level = 'extension_0a1b_level';
    const defined = [{ name: level, type: 'Integer' }];
    expect(errorsOf(filtered(clause('EQUALS', level, '5')), defined)).toEqual([]);
    expect(errorsOf(filtered(clause('EQUALS', level, 'five')), defined)).toHaveLength(1);
    expect(errorsOf(filtered(clause('&', level, 'abc')), defined)).toHaveLength(1);
    expect(errorsOf(filtered(clause('INCLUDES', level, '5')), defined)).toHaveLength(1);
  });

  it('tells all that is wrong with all clauses at once', () => {
    const errors = errorsOf(
      withScope({
        groups: [{ name: 'a', clauses: [clause('EQUAL', 'nobody', ''), clause('IS NULL', 'mail', 'x')] }],
        categoryFilterGroups: [{ name: 'b', clauses: [] }],
      }),
    );
    expect(errors.map(({ path }) => path.slice(USERS.length + 1)).sort()).toEqual([
      'scope.categoryFilterGroups[0].clauses',
      'scope.groups[0].clauses[0].operatorName',
      'scope.groups[0].clauses[0].sourceOperandName',
      'scope.groups[0].clauses[1].targetOperand',
    ]);
  });
});

describe('what Entra would refuse', () => {
  it('is nothing of the template, nor of its own filters', () => {
    expect(entraFindings(saved(() => undefined))).toEqual([]);
    const own = ['EQUALS', 'NOT EQUALS', 'REGEX MATCH', 'INCLUDES', 'ENDS_WITH'].map((name) =>
      clause(name, 'mail', 'x'),
    );
    expect(entraFindings(saved(filtered(...own, clause('IS TRUE', 'accountEnabled'))))).toEqual([]);
    expect(filterOperators.filter(({ name }) => name !== 'BEFORE' && name !== 'AFTER')).toHaveLength(14);
  });

  it.each<[string, Change, string]>([
    [
      'dates',
      filtered(clause('AFTER', 'createdDateTime', '2026-01-01')),
      'scope.groups[0].clauses[0].sourceOperandName',
    ],
    [
      'several values',
      filtered(clause('INCLUDES', 'proxyAddresses', 'x')),
      'scope.groups[0].clauses[0].sourceOperandName',
    ],
    ['the manager', filtered(clause('IS NULL', 'manager')), 'scope.groups[0].clauses[0].sourceOperandName'],
    ['roles', filtered(clause('EQUALS', 'appRoleAssignments', 'x')), 'scope.groups[0].clauses[0].sourceOperandName'],
    ['groups', filtered(clause('EQUALS', 'memberOf', GROUP_ID)), 'scope.groups[0].clauses[0].sourceOperandName'],
    [
      'userType in a filter',
      filtered(clause('EQUALS', 'userType', 'x')),
      'scope.groups[0].clauses[0].sourceOperandName',
    ],
    [
      'userType in a mapping',
      (mapping) => (mappingOf(mapping, 'title')['source'] = { type: 'Attribute', expression: '[userType]' }),
      'attributeMappings[3].source',
    ],
  ])('names %s with place and remedy', (_, change, path) => {
    expect(entraFindings(saved(change))).toEqual([
      {
        path: `${USERS}.${path}`,
        message: expect.stringMatching(/Entra does not/) as string,
        remedy: expect.stringContaining('extension attribute') as string,
      },
    ]);
  });
});
