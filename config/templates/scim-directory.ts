// A SCIM 2.0 application as a target: the attributes of the core and enterprise schemas, one per path that can be mapped.
import type { AttributeDefinition } from '../../src/rules/model/schema.ts';
import { attribute, referencesTo, texts } from './definitions.ts';

export const SCIM_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const SCIM_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export const id = attribute('id', 'String', { anchor: true, caseExact: true, mutability: 'ReadOnly' });
export const userName = attribute('userName', 'String', { required: true });
export const externalId = attribute('externalId', 'String', { caseExact: true });
export const active = attribute('active', 'Boolean');
export const manager = attribute(`${SCIM_USER}:manager`, 'Reference', { referencedObjects: referencesTo(SCIM_USER) });

const typed = (
  name: string,
  types: readonly string[],
  subAttributes: readonly string[],
): readonly AttributeDefinition[] =>
  types.flatMap((type) => texts(...subAttributes.map((sub) => `${name}[type eq "${type}"].${sub}`)));

const addressParts = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'];

export const scimUserAttributes: readonly AttributeDefinition[] = [
  id,
  externalId,
  userName,
  active,
  ...texts('displayName', 'nickName', 'profileUrl', 'title', 'userType', 'preferredLanguage', 'locale', 'timezone'),
  ...texts('name.formatted', 'name.familyName', 'name.givenName', 'name.middleName'),
  ...texts('name.honorificPrefix', 'name.honorificSuffix'),
  ...typed('emails', ['work', 'home', 'other'], ['value']),
  ...typed('phoneNumbers', ['work', 'home', 'mobile', 'fax', 'pager', 'other'], ['value']),
  ...typed('addresses', ['work', 'home', 'other'], addressParts),
  ...typed('ims', ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'], ['value']),
  ...typed('photos', ['photo', 'thumbnail'], ['value']),
  attribute('roles', 'String', { multivalued: true }),
  ...texts('roles[primary eq "True"].value', 'roles[primary eq "True"].display', 'roles[primary eq "True"].type'),
  ...texts('entitlements[primary eq "True"].value', 'entitlements[primary eq "True"].display'),
  attribute('x509Certificates[primary eq "True"].value', 'Binary', { caseExact: true }),
  ...texts(`${SCIM_USER}:employeeNumber`, `${SCIM_USER}:costCenter`, `${SCIM_USER}:organization`),
  ...texts(`${SCIM_USER}:division`, `${SCIM_USER}:department`),
  manager,
];

export const scimGroupAttributes: readonly AttributeDefinition[] = [
  id,
  externalId,
  attribute('displayName', 'String', { required: true }),
  attribute('members', 'Reference', { multivalued: true, referencedObjects: referencesTo(SCIM_USER, SCIM_GROUP) }),
];
