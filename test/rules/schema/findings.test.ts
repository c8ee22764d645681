// Findings that need the whole mapping: constants of arguments, unique values, spellings of one target, and warnings.
import { describe, expect, it } from 'vitest';
import type { SchemaFinding } from '../../../src/rules/model/schema.ts';
import { readSchema } from '../../../src/rules/schema/read-schema.ts';
import type { ObjectMappingDocument } from './documents.ts';
import { current, expression, findingsAfter, mappingOf, users, wire } from './documents.ts';

const title = (text: string) => (mapping: ObjectMappingDocument) =>
  void (mappingOf(mapping, 'title')['source'] = expression(text));
const errorsAfter = (change: (mapping: ObjectMappingDocument) => void): readonly SchemaFinding[] =>
  findingsAfter(change).filter(({ severity }) => severity === 'error');
function warningsAfter(change: (mapping: ObjectMappingDocument) => void, syncAll = false): readonly SchemaFinding[] {
  const document = wire();
  change(users(document));
  const result = readSchema(document, { id: 'scim.t.g', version: '1.0', current, syncAll });
  return result.ok ? result.warnings : [];
}

describe('an argument that can never be right', () => {
  it.each([
    ['Mid([jobTitle], "a", 1)', '"a"', 17],
    ['DateAdd("months", 1, CDate([employeeHireDate]))', 'months', 9],
    ['DateDiff("D", CDate([employeeHireDate]), Now())', '"D" is no', 10],
    ['FormatDateTime([employeeHireDate], , "yyyy-MM-dd", "Q")', '"Q"', 52],
    ['FormatDateTime([employeeHireDate], "Roundtrip", "yyyy", "yy")', 'Roundtrip', 36],
    ['ToUpper([jobTitle], "swedish!")', 'swedish!', 21],
    ['Append([jobTitle], CDate("not a date"))', 'fails for every object', 20],
    ['Item([otherMails], 0)', 'index of Item', 20],
  ])('in %s is found when it is saved, with its position', (text, words, at) => {
    const [found, ...more] = errorsAfter(title(text));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ code: 'ExpressionInvalid', attribute: 'title', at });
    expect(found?.message).toContain(words);
  });

  it.each(['IIF(IsPresent([jobTitle]), [jobTitle], Error("no title"))', 'Mid([jobTitle], "2", "64")'])(
    'is not in %s',
    (text) => {
      expect(errorsAfter(title(text))).toEqual([]);
    },
  );
});

describe('a finding', () => {
  it('says the position of an unknown attribute in the text as it was written', () => {
    expect(errorsAfter(title('Join( " ",  [givenName], [jobtitle] )'))[0]).toMatchObject({
      at: 26,
      attribute: 'title',
      remedy: 'Did you mean jobTitle?',
    });
  });

  it('knows two spellings of one target', () => {
    const found = errorsAfter((mapping) => {
      const source = { type: 'Attribute', name: 'mail' };
      mapping.attributeMappings.push(
        { targetAttributeName: 'roles[primary eq "True"].value', source },
        { targetAttributeName: 'roles[primary eq true].value', source },
      );
    });
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain('mapped twice');
  });

  it('refuses SelectUniqueValue on a matching attribute and on update', () => {
    const unique = expression('SelectUniqueValue([mail], [mailNickname])');
    const found = errorsAfter((mapping) => Object.assign(mappingOf(mapping, 'title'), { source: unique }));
    expect(found).toMatchObject([{ path: expect.stringMatching(/flowType$/) as string, attribute: 'title' }]);
    expect(
      errorsAfter((mapping) =>
        Object.assign(mappingOf(mapping, 'title'), { source: unique, flowType: 'ObjectAddOnly', matchingPriority: 3 }),
      ).some(({ path }) => path.endsWith('matchingPriority')),
    ).toBe(true);
  });
});

describe('a warning', () => {
  const messages = (found: readonly SchemaFinding[]): string => found.map(({ message }) => message).join('\n');

  it.each<[string, (mapping: ObjectMappingDocument) => void, string]>([
    ['a capital year', title('FormatDateTime([employeeHireDate], , "yyyy-MM-dd", "YYYY-MM-DD")'), 'capital Y and D'],
    ['IIF over a test for null', title('IIF(IsPresent([jobTitle]), "a", "b")'), 'Entra does not support it'],
    [
      'a word boundary',
      title('Replace([jobTitle], , "\\\\bof\\\\b", , "", , )'),
      'only ASCII letters for parts of words',
    ],
    [
      'a word boundary in a filter',
      (m) =>
        void (m['scope'] = {
          groups: [
            {
              name: 'g',
              clauses: [
                { sourceOperandName: 'city', operatorName: 'REGEX MATCH', targetOperand: { values: ['\\bHalle\\b'] } },
              ],
            },
          ],
        }),
      'only ASCII letters for parts of words',
    ],
    ['RandomString that is shown', title('RandomString(12, 1, 1, 1, 1)'), 'shown in the provisioning log'],
    ['a value that changes by itself', title('Guid()'), 'again and again'],
    [
      'no IsSoftDeleted',
      (m) => void (mappingOf(m, 'active')['source'] = { type: 'Constant', name: 'True' }),
      'stay enabled',
    ],
    ['a mapping of users that is off', (m) => void (m['enabled'] = false), 'Entra does not allow'],
    ['externalId from mailNickname', () => undefined, 'need not be unique'],
    [
      'null that cannot flow',
      (m) => void (mappingOf(m, 'title')['flowNullValues'] = true),
      'Null does not flow to title',
    ],
  ])('tells of %s and lets the schema be saved', (_, change, words) => {
    const found = warningsAfter(change);
    expect(messages(found)).toContain(words);
    for (const one of found) expect(one).toMatchObject({ severity: 'warning' });
  });

  it('tells of roles together with all users', () => {
    const change = title('SingleAppRoleAssignment([appRoleAssignments])');
    expect(messages(warningsAfter(change, true))).toContain('does not work with "Sync all users and groups"');
    expect(messages(warningsAfter(change, false))).not.toContain('Sync all');
  });
});
