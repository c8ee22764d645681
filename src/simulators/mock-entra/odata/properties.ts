// The properties that the mock knows of each kind of object: type, whether they come without `$select`, who may set them.
import type { JsonObject } from '../../../rules/model/json.ts';
import type { Kind } from '../state/changes.ts';

export type PropertyType = 'string' | 'boolean' | 'date' | 'strings' | 'object' | 'objects';
export interface Property {
  readonly name: string;
  readonly type: PropertyType;
  /** Returned when there is no `$select`. */
  readonly byDefault: boolean;
  readonly readOnly: boolean;
}
/** Kinds of items in collections; `directoryObject` = objects of several kinds. */
export type ItemKind = Kind | 'directoryObject' | 'appRoleAssignment' | 'applicationTemplate' | 'organization';
export interface EntityType {
  readonly kind: ItemKind;
  /** Name in `@odata.context`. */
  readonly set: string;
  readonly odataType: string;
  /** By lower-case name. */
  readonly properties: ReadonlyMap<string, Property>;
  /** Properties that a create must carry. */
  readonly required: readonly string[];
}

/** `name`, `name:type`; `*` = by default, `!` = read-only. */
function parse(text: string): readonly Property[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [, name = '', type = 'string', flags = ''] = /^(\w+)(?::(\w+))?([*!]*)$/.exec(word) ?? [];
      return { name, type: type as PropertyType, byDefault: flags.includes('*'), readOnly: flags.includes('!') };
    });
}

function entity(kind: ItemKind, set: string, required: readonly string[], text: string): [ItemKind, EntityType] {
  const properties = new Map(parse(text).map((property) => [property.name.toLowerCase(), property]));
  return [kind, { kind, set, odataType: `#microsoft.graph.${kind}`, properties, required }];
}

const userText = `
  id*! businessPhones:strings* displayName* givenName* jobTitle* mail* mobilePhone* officeLocation* preferredLanguage*
  surname* userPrincipalName* accountEnabled:boolean ageGroup city companyName consentProvidedForMinor country
  createdDateTime:date! creationType! deletedDateTime:date! department employeeHireDate:date employeeId
  employeeLeaveDateTime:date employeeOrgData:object employeeType externalUserState faxNumber identities:objects
  imAddresses:strings isResourceAccount:boolean lastPasswordChangeDateTime:date! legalAgeGroupClassification! mailNickname
  onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes:object onPremisesImmutableId
  onPremisesLastSyncDateTime:date onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled:boolean
  onPremisesUserPrincipalName otherMails:strings passwordPolicies postalCode preferredDataLocation
  proxyAddresses:strings! securityIdentifier! showInAddressList:boolean state streetAddress usageLocation userType
  assignedLicenses:objects! assignedPlans:objects! provisionedPlans:objects! customSecurityAttributes:object`;
const groupText = `
  id*! deletedDateTime:date*! classification* createdDateTime:date*! creationOptions:strings* description* displayName*
  expirationDateTime:date*! groupTypes:strings* isAssignableToRole:boolean* mail*! mailEnabled:boolean* mailNickname*
  membershipRule* membershipRuleProcessingState* onPremisesDomainName* onPremisesLastSyncDateTime:date*
  onPremisesNetBiosName* onPremisesSamAccountName* onPremisesSecurityIdentifier* onPremisesSyncEnabled:boolean*
  preferredDataLocation* preferredLanguage* proxyAddresses:strings*! renewedDateTime:date*!
  resourceBehaviorOptions:strings* resourceProvisioningOptions:strings* securityEnabled:boolean* securityIdentifier*!
  theme* uniqueName visibility*`;
const applicationText = `
  id*! deletedDateTime:date*! appId*! applicationTemplateId*! createdDateTime:date*! description* displayName*
  identifierUris:strings* notes* publisherDomain*! signInAudience* tags:strings* api:object* appRoles:objects* info:object*
  keyCredentials:objects* passwordCredentials:objects* optionalClaims:object* requiredResourceAccess:objects*
  serviceManagementReference* web:object* spa:object* publicClient:object* isFallbackPublicClient:boolean*
  groupMembershipClaims*`;
const servicePrincipalText = `
  id*! deletedDateTime:date*! accountEnabled:boolean* alternativeNames:strings* appDescription* appDisplayName*! appId*
  appOwnerOrganizationId*! appRoleAssignmentRequired:boolean* appRoles:objects* applicationTemplateId*! createdDateTime:date*!
  description* displayName* homepage* loginUrl* logoutUrl* notes* notificationEmailAddresses:strings*
  oauth2PermissionScopes:objects* preferredSingleSignOnMode* replyUrls:strings* servicePrincipalNames:strings*
  servicePrincipalType* signInAudience* tags:strings* keyCredentials:objects* passwordCredentials:objects*`;

const directoryObjectText = `id*! deletedDateTime:date*! ${[userText, groupText, servicePrincipalText].join(' ').replaceAll(/[*]/g, '')}`;

const entities = new Map<ItemKind, EntityType>([
  entity('directoryObject', 'directoryObjects', [], directoryObjectText),
  entity('user', 'users', ['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName'], userText),
  entity('group', 'groups', ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'], groupText),
  entity('application', 'applications', ['displayName'], applicationText),
  entity('servicePrincipal', 'servicePrincipals', ['appId'], servicePrincipalText),
  entity(
    'appRoleAssignment',
    'appRoleAssignments',
    [],
    `id* deletedDateTime:date* appRoleId* createdDateTime:date* principalDisplayName* principalId* principalType*
     resourceDisplayName* resourceId*`,
  ),
  entity(
    'applicationTemplate',
    'applicationTemplates',
    [],
    `id* displayName* homePageUrl* supportedSingleSignOnModes:strings* supportedProvisioningTypes:strings* logoUrl*
     categories:strings* publisher* description*`,
  ),
  entity(
    'organization',
    'organization',
    [],
    `id* deletedDateTime:date* createdDateTime:date* displayName* countryLetterCode* defaultUsageLocation* tenantType*
     verifiedDomains:objects*`,
  ),
]);

export function entityType(kind: ItemKind): EntityType {
  const found = entities.get(kind);
  if (found === undefined) throw new Error(`no entity type ${kind}`);
  return found;
}

/** Directory extensions are plain members of open types. */
const extension = /^extension_[0-9a-f]{32}_\w+$/i;

/** The property of a name in any case; null when the type has none. */
export function propertyOf(type: EntityType, name: string): Property | null {
  const known = type.properties.get(name.toLowerCase());
  if (known !== undefined) return known;
  return extension.test(name) ? { name, type: 'string', byDefault: false, readOnly: false } : null;
}

export const defaultNames = (type: EntityType): readonly string[] =>
  [...type.properties.values()].filter(({ byDefault }) => byDefault).map(({ name }) => name);

/** The selected properties, with what Graph shows for those never set. */
export function project(type: EntityType, properties: JsonObject, names: readonly string[]): JsonObject {
  const picked: Record<string, JsonObject[string]> = {};
  for (const name of names) {
    const value = properties[name];
    picked[name] = value ?? (isCollection(type.properties.get(name.toLowerCase())) ? [] : null);
  }
  return picked;
}

const isCollection = (property: Property | undefined): boolean =>
  property?.type === 'strings' || property?.type === 'objects';
