// Entra mappings name source attributes in the directory's own vocabulary; Graph calls some of them differently.
// This table is the one place that knows both names (source: how Entra shows its default mappings, and Graph's user resource).
import type { ObjectType } from './source-object.ts';
import type { AttributeType } from './schema.ts';

export interface SourceAttribute {
  /** Name in mappings and filters, case-sensitive. */
  readonly name: string;
  readonly type: AttributeType;
  readonly multivalued: boolean;
  /** Graph property to `$select`; `null` when the value is computed by the engine. */
  readonly property: string | null;
  /** Path below the property, for complex Graph properties. */
  readonly path?: readonly string[];
  /** Take the first value of a Graph collection (businessPhones). */
  readonly first?: true;
}

const text = (name: string, property: string = name): SourceAttribute => ({
  name,
  type: 'String',
  multivalued: false,
  property,
});

const extensionAttributes: readonly SourceAttribute[] = Array.from({ length: 15 }, (_, i) => ({
  ...text(`extensionAttribute${String(i + 1)}`, 'onPremisesExtensionAttributes'),
  path: [`extensionAttribute${String(i + 1)}`],
}));

const userAttributes: readonly SourceAttribute[] = [
  text('objectId', 'id'),
  { name: 'accountEnabled', type: 'Boolean', multivalued: false, property: 'accountEnabled' },
  { name: 'appRoleAssignments', type: 'String', multivalued: true, property: null },
  text('city'),
  text('companyName'),
  text('country'),
  { ...text('createdDateTime'), type: 'DateTime' },
  text('department'),
  { name: 'dirSyncEnabled', type: 'Boolean', multivalued: false, property: 'onPremisesSyncEnabled' },
  text('displayName'),
  { ...text('employeeHireDate'), type: 'DateTime' },
  text('employeeId'),
  text('employeeType'),
  text('facsimileTelephoneNumber', 'faxNumber'),
  text('givenName'),
  { name: 'IsSoftDeleted', type: 'Boolean', multivalued: false, property: null },
  text('jobTitle'),
  text('mail'),
  text('mailNickname'),
  { name: 'manager', type: 'Reference', multivalued: false, property: 'manager' },
  text('mobile', 'mobilePhone'),
  text('onPremisesSamAccountName'),
  text('onPremisesSecurityIdentifier'),
  text('originalUserPrincipalName', 'userPrincipalName'),
  { name: 'otherMails', type: 'String', multivalued: true, property: 'otherMails' },
  text('physicalDeliveryOfficeName', 'officeLocation'),
  text('postalCode'),
  text('preferredLanguage'),
  { name: 'proxyAddresses', type: 'String', multivalued: true, property: 'proxyAddresses' },
  text('state'),
  text('streetAddress'),
  text('surname'),
  { ...text('telephoneNumber', 'businessPhones'), first: true },
  text('usageLocation'),
  text('userPrincipalName'),
  text('userType'),
  ...extensionAttributes,
];

const groupAttributes: readonly SourceAttribute[] = [
  text('objectId', 'id'),
  text('description'),
  text('displayName'),
  { name: 'groupTypes', type: 'String', multivalued: true, property: 'groupTypes' },
  { name: 'IsSoftDeleted', type: 'Boolean', multivalued: false, property: null },
  text('mail'),
  { name: 'mailEnabled', type: 'Boolean', multivalued: false, property: 'mailEnabled' },
  text('mailNickname'),
  { name: 'members', type: 'Reference', multivalued: true, property: 'members' },
  text('onPremisesSamAccountName'),
  text('onPremisesSecurityIdentifier'),
  { name: 'proxyAddresses', type: 'String', multivalued: true, property: 'proxyAddresses' },
  { name: 'securityEnabled', type: 'Boolean', multivalued: false, property: 'securityEnabled' },
];

/** Properties the engine reads whatever the mappings say: life cycle, scope and display. */
export const alwaysSelected: Readonly<Record<ObjectType, readonly string[]>> = {
  User: ['id', 'accountEnabled', 'displayName', 'userPrincipalName', 'userType', 'manager'],
  Group: ['id', 'displayName', 'securityEnabled', 'members'],
};

const tables: Readonly<Record<ObjectType, ReadonlyMap<string, SourceAttribute>>> = {
  User: new Map(userAttributes.map((a) => [a.name, a])),
  Group: new Map(groupAttributes.map((a) => [a.name, a])),
};

/** All attributes that a mapping of this type may name, in alphabetical order of the table. */
export const sourceAttributes = (type: ObjectType): readonly SourceAttribute[] => [...tables[type].values()];

/** `undefined` for a name that is neither in the table nor a directory extension (`extension_<appId>_<name>`). */
export function sourceAttribute(type: ObjectType, name: string): SourceAttribute | undefined {
  return tables[type].get(name) ?? (name.startsWith('extension_') ? text(name) : undefined);
}
