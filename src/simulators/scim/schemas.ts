// The schemas of RFC 7643 (core User, enterprise User, core Group), and how a service keeps its own selection of them.
import type { Attribute, ResourceSchema, Schema } from './attribute.ts';
import { attributeSet, complex, dateTime, flag, plural, reference, text } from './attribute.ts';

export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const common = [
  text('id', { caseExact: true, mutability: 'readOnly', returned: 'always', uniqueness: 'server' }),
  complex(
    'meta',
    [
      text('resourceType', { caseExact: true }),
      dateTime('created'),
      dateTime('lastModified'),
      reference('location'),
      text('version', { caseExact: true }),
    ],
    { mutability: 'readOnly' },
  ),
];

const name = complex('name', [
  text('formatted'),
  text('familyName'),
  text('givenName'),
  text('middleName'),
  text('honorificPrefix'),
  text('honorificSuffix'),
]);

const addresses = complex(
  'addresses',
  [
    text('formatted'),
    text('streetAddress'),
    text('locality'),
    text('region'),
    text('postalCode'),
    text('country'),
    text('type'),
    flag('primary'),
  ],
  { multiValued: true },
);

const manager = complex('manager', [
  text('value', { caseExact: true }),
  reference('$ref', { mutability: 'readOnly' }),
  text('displayName', { mutability: 'readOnly' }),
]);

/** The enterprise extension, as far as a service keeps it. */
export const enterpriseUser = (names: readonly string[]): Schema => ({
  id: ENTERPRISE_USER,
  name: 'EnterpriseUser',
  attributes: attributeSet(names.map((each) => (each === 'manager' ? manager : text(each)))),
});

/** Users of a service that keeps these attributes besides `id` and `meta`. */
export const usersOf = (attributes: readonly Attribute[], extensions: readonly Schema[]): ResourceSchema => ({
  type: 'User',
  endpoint: 'Users',
  core: {
    id: 'urn:ietf:params:scim:schemas:core:2.0:User',
    name: 'User',
    attributes: attributeSet([...common, ...attributes]),
  },
  extensions,
});

export const userName = text('userName', { required: true, uniqueness: 'server' });
export const externalId = text('externalId', { caseExact: true });

export const userSchema = usersOf(
  [
    externalId,
    userName,
    name,
    text('displayName'),
    text('nickName'),
    reference('profileUrl'),
    text('title'),
    text('userType'),
    text('preferredLanguage'),
    text('locale'),
    text('timezone'),
    flag('active'),
    text('password', { mutability: 'writeOnly', returned: 'never' }),
    ...['emails', 'phoneNumbers', 'ims', 'photos', 'entitlements', 'roles', 'x509Certificates'].map((each) =>
      plural(each),
    ),
    addresses,
  ],
  [enterpriseUser(['employeeNumber', 'costCenter', 'organization', 'division', 'department', 'manager'])],
);

export const groupName = text('displayName', { required: true, uniqueness: 'server' });

/** Groups of a service: their name, attributes of its own, and members. */
export const groupsOf = (name: Attribute, extensions: readonly Schema[]): ResourceSchema => ({
  type: 'Group',
  endpoint: 'Groups',
  core: {
    id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
    name: 'Group',
    attributes: attributeSet([
      ...common,
      externalId,
      name,
      complex(
        'members',
        [
          text('value', { caseExact: true, required: true }),
          reference('$ref', { mutability: 'readOnly' }),
          text('type', { mutability: 'readOnly' }),
          text('display', { mutability: 'readOnly' }),
        ],
        { multiValued: true },
      ),
    ]),
  },
  extensions,
});

export const groupSchema = groupsOf(groupName, []);
