// Dialpad: a group keeps the name that it was created with.
import { complex, flag, plural, text } from '../scim/attribute.ts';
import { enterpriseUser, externalId, groupName, groupsOf, userName, usersOf } from '../scim/schemas.ts';
import type { ServiceRules } from '../scim/service-rules.ts';

export const dialpad: ServiceRules = {
  name: 'dialpad',
  basePath: '/scim',
  resources: [
    usersOf(
      [
        userName,
        externalId,
        flag('active'),
        text('displayName'),
        text('title'),
        complex('name', [text('givenName'), text('familyName')]),
        plural('emails', ['work']),
        plural('phoneNumbers', ['work']),
      ],
      [enterpriseUser(['department'])],
    ),
    groupsOf({ ...groupName, mutability: 'immutable' }, []),
  ],
  filterable: { User: ['userName'], Group: ['displayName'] },
  refused: [],
  limits: {},
};
