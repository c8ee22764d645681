// The OData filter language of the mock.
import { describe, expect, it } from 'vitest';
import type { GraphError } from '../../../src/simulators/mock-entra/http/errors.ts';
import { checkFilter, matches, pinned } from '../../../src/simulators/mock-entra/odata/filter.ts';
import { parseFilter } from '../../../src/simulators/mock-entra/odata/filter-parser.ts';
import { entityType } from '../../../src/simulators/mock-entra/odata/properties.ts';

const user = {
  displayName: "Siobhan O'Brien",
  department: null,
  accountEnabled: true,
  mail: 'siobhan@contoso.example',
  createdDateTime: '2020-05-01T00:00:00Z',
  otherMails: ['a@x.example', 'b@y.example'],
  identities: [{ signInType: 'emailAddress', issuer: 'contoso' }],
  onPremisesExtensionAttributes: { extensionAttribute1: 'cost-7' },
};
const passes = (text: string): boolean => {
  const filter = parseFilter(text);
  checkFilter(filter, entityType('user'), true);
  return matches(filter, user, entityType('user'));
};

describe('$filter', () => {
  it.each([
    ["displayName eq 'siobhan o''brien'", true],
    ["DISPLAYNAME eq 'other'", false],
    ['department eq null and accountEnabled eq true', true],
    ["department eq 'x' or (accountEnabled eq true and not (mail eq 'y'))", true],
    ["startswith(displayName,'Sio')", true],
    ["endsWith(mail,'@contoso.example')", true],
    ["mail in ('a','siobhan@contoso.example')", true],
    ["mail ne 'a'", true],
    ['createdDateTime ge 2020-05-01T00:00:00Z and createdDateTime lt 2021-01-01T00:00:00Z', true],
    ["otherMails/any(m:m eq 'B@y.example')", true],
    ["otherMails/any(m:startswith(m,'z'))", false],
    ["identities/any(i:i/issuer eq 'contoso' and i/signInType eq 'emailAddress')", true],
    ["onPremisesExtensionAttributes/extensionAttribute1 eq 'cost-7'", true],
    ["accountEnabled eq false or department eq 'a' and mail eq 'b'", false],
  ])('%s is %s', (text, expected) => {
    expect(passes(text)).toBe(expected);
  });

  it.each([
    "contains(displayName,'x')",
    'displayName eq',
    "displayName eq 'x' and",
    "displayName eq 'x",
    "(mail eq 'x'",
    'mail',
    "mail has 'x'",
    "mail eq 'x' mail",
  ])('refuses %s as an unsupported query', (text) => {
    expect(() => parseFilter(text)).toThrow(
      expect.objectContaining({ status: 400, code: 'Request_UnsupportedQuery' }) as GraphError,
    );
  });

  it('refuses an unknown property by its name', () => {
    expect(() => passes("shoeSize eq '44'")).toThrow(/shoeSize/);
  });

  it('refuses ne, not and endsWith without advanced query capabilities', () => {
    for (const text of ["mail ne 'x'", "not (mail eq 'x')", "endsWith(mail,'x')"])
      expect(() => checkFilter(parseFilter(text), entityType('user'), false)).toThrow(/ConsistencyLevel/);
  });

  it('tells the keys that it pins down, and null when others could pass', () => {
    expect(pinned(parseFilter("id eq 'a' or id in ('b','c')"), 'id')).toEqual(['a', 'b', 'c']);
    expect(pinned(parseFilter("id eq 'a' or mail eq 'b'"), 'id')).toBeNull();
  });
});
