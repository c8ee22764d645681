// Attribute mappings as short rows, and the rows that a SCIM application has by default.
import { toMappingSource } from '../../src/rules/expressions/mapping-source.ts';
import { parseExpression } from '../../src/rules/expressions/parse.ts';
import type { AttributeFlowType, AttributeMapping } from '../../src/rules/model/schema.ts';
import { SCIM_USER } from './scim-directory.ts';

export interface MappingRow {
  readonly target: string;
  readonly expression: string;
  /** Matching precedence, from 1; 0 = not a matching attribute. */
  readonly matching: number;
  readonly flowType: AttributeFlowType;
}

export const row = (target: string, expression: string, rest: Partial<MappingRow> = {}): MappingRow => ({
  target,
  expression,
  matching: 0,
  flowType: 'Always',
  ...rest,
});
export const match = (target: string, expression: string, matching = 1): MappingRow =>
  row(target, expression, { matching });
export const onCreate = (target: string, expression: string, rest: Partial<MappingRow> = {}): MappingRow =>
  row(target, expression, { ...rest, flowType: 'ObjectAddOnly' });

export const activeRow = row('active', 'Switch([IsSoftDeleted], , "False", "True", "True", "False")');

export const scimUserRows: readonly MappingRow[] = [
  match('userName', '[userPrincipalName]'),
  activeRow,
  row('displayName', '[displayName]'),
  row('title', '[jobTitle]'),
  row('emails[type eq "work"].value', '[mail]'),
  row('preferredLanguage', '[preferredLanguage]'),
  row('name.givenName', '[givenName]'),
  row('name.familyName', '[surname]'),
  row('name.formatted', 'Join(" ", [givenName], [surname])'),
  row('addresses[type eq "work"].formatted', '[physicalDeliveryOfficeName]'),
  row('addresses[type eq "work"].streetAddress', '[streetAddress]'),
  row('addresses[type eq "work"].locality', '[city]'),
  row('addresses[type eq "work"].region', '[state]'),
  row('addresses[type eq "work"].postalCode', '[postalCode]'),
  row('addresses[type eq "work"].country', '[country]'),
  row('phoneNumbers[type eq "work"].value', '[telephoneNumber]'),
  row('phoneNumbers[type eq "mobile"].value', '[mobile]'),
  row('phoneNumbers[type eq "fax"].value', '[facsimileTelephoneNumber]'),
  row('externalId', '[mailNickname]'),
  row(`${SCIM_USER}:employeeNumber`, '[employeeId]'),
  row(`${SCIM_USER}:department`, '[department]'),
  row(`${SCIM_USER}:manager`, '[manager]'),
];

export const scimGroupRows: readonly MappingRow[] = [
  match('displayName', '[displayName]'),
  row('externalId', '[objectId]'),
  row('members', '[members]'),
];

export function attributeMapping({ target, expression, matching, flowType }: MappingRow): AttributeMapping {
  const parsed = parseExpression(expression);
  if (!parsed.ok) throw new Error(`The template's mapping of ${target} is wrong: ${parsed.message}`);
  return {
    targetAttributeName: target,
    source: toMappingSource(parsed.expression),
    defaultValue: null,
    exportMissingReferences: false,
    flowBehavior: 'FlowWhenChanged',
    flowType,
    matchingPriority: matching,
  };
}
