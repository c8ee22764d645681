// The schemas of RFC 7643 that the simulator knows: core User, enterprise User, core Group. Data only.
import type { ResourceSchema, Schema } from './attribute.ts';
import { attributeSet, complex, dateTime, flag, plural, reference, text } from './attribute.ts';

export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const common = [
  text('id', { caseExact: true, mutability: 'readOnly', returned: 'always', uniqueness: 'server' }),
  text('externalId', { caseExact: true }),
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

const user: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  attributes: attributeSet([
    ...common,
    text('userName', { required: true, uniqueness: 'server' }),
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
    ...['emails', 'phoneNumbers', 'ims', 'photos', 'entitlements', 'roles', 'x509Certificates'].map(plural),
    addresses,
  ]),
};

const enterpriseUser: Schema = {
  id: ENTERPRISE_USER,
  name: 'EnterpriseUser',
  attributes: attributeSet([
    ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map((each) => text(each)),
    complex('manager', [
      text('value', { caseExact: true }),
      reference('$ref', { mutability: 'readOnly' }),
      text('displayName', { mutability: 'readOnly' }),
    ]),
  ]),
};

const group: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  attributes: attributeSet([
    ...common,
    text('displayName', { required: true, uniqueness: 'server' }),
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
};

export const userSchema: ResourceSchema = { type: 'User', endpoint: 'Users', core: user, extensions: [enterpriseUser] };
export const groupSchema: ResourceSchema = { type: 'Group', endpoint: 'Groups', core: group, extensions: [] };
