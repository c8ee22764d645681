// The default mappings of a SCIM application: target attribute, expression, matching precedence.
import { toMappingSource } from '../../src/rules/expressions/mapping-source.ts';
import { parseExpression } from '../../src/rules/expressions/parse.ts';
import type { AttributeMapping } from '../../src/rules/model/schema.ts';
import { SCIM_USER } from './scim-directory.ts';

type Row = readonly [target: string, expression: string, matchingPriority?: number];

const userRows: readonly Row[] = [
  ['userName', '[userPrincipalName]', 1],
  ['active', 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'],
  ['displayName', '[displayName]'],
  ['title', '[jobTitle]'],
  ['emails[type eq "work"].value', '[mail]'],
  ['preferredLanguage', '[preferredLanguage]'],
  ['name.givenName', '[givenName]'],
  ['name.familyName', '[surname]'],
  ['name.formatted', 'Join(" ", [givenName], [surname])'],
  ['addresses[type eq "work"].formatted', '[physicalDeliveryOfficeName]'],
  ['addresses[type eq "work"].streetAddress', '[streetAddress]'],
  ['addresses[type eq "work"].locality', '[city]'],
  ['addresses[type eq "work"].region', '[state]'],
  ['addresses[type eq "work"].postalCode', '[postalCode]'],
  ['addresses[type eq "work"].country', '[country]'],
  ['phoneNumbers[type eq "work"].value', '[telephoneNumber]'],
  ['phoneNumbers[type eq "mobile"].value', '[mobile]'],
  ['phoneNumbers[type eq "fax"].value', '[facsimileTelephoneNumber]'],
  ['externalId', '[mailNickname]'],
  [`${SCIM_USER}:employeeNumber`, '[employeeId]'],
  [`${SCIM_USER}:department`, '[department]'],
  [`${SCIM_USER}:manager`, '[manager]'],
];

const groupRows: readonly Row[] = [
  ['displayName', '[displayName]', 1],
  ['externalId', '[objectId]'],
  ['members', '[members]'],
];

function mapping([targetAttributeName, expression, matchingPriority = 0]: Row): AttributeMapping {
  const parsed = parseExpression(expression);
  if (!parsed.ok) throw new Error(`The template's mapping of ${targetAttributeName} is wrong: ${parsed.message}`);
  return {
    targetAttributeName,
    source: toMappingSource(parsed.expression),
    defaultValue: null,
    exportMissingReferences: false,
    flowBehavior: 'FlowWhenChanged',
    flowType: 'Always',
    matchingPriority,
  };
}

export const userMappings: readonly AttributeMapping[] = userRows.map(mapping);
export const groupMappings: readonly AttributeMapping[] = groupRows.map(mapping);
