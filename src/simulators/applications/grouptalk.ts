// GroupTalk: labels of users and descriptions of groups in extensions of its own; three filterable attributes of users.
import { attributeSet, complex, flag, plural, text } from '../scim/attribute.ts';
import type { Schema } from '../scim/attribute.ts';
import { enterpriseUser, externalId, groupName, groupsOf, userName, usersOf } from '../scim/schemas.ts';
import type { ServiceRules } from '../scim/service-rules.ts';

const labels: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:grouptalk:2.0:User',
  name: 'GroupTalkUser',
  attributes: attributeSet(['label1', 'label2', 'label3', 'label4', 'label5'].map((name) => text(name))),
};
const description: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:grouptalk:2.0:Group',
  name: 'GroupTalkGroup',
  attributes: attributeSet([text('description')]),
};

export const grouptalk: ServiceRules = {
  name: 'grouptalk',
  basePath: '/api/scim',
  resources: [
    usersOf(
      [
        userName,
        externalId,
        flag('active'),
        complex('name', [text('givenName'), text('familyName')]),
        plural('emails', ['work']),
        plural('phoneNumbers', ['mobile']),
      ],
      [enterpriseUser(['costCenter', 'organization']), labels],
    ),
    groupsOf(groupName, [description]),
  ],
  filterable: {
    User: ['userName', 'phoneNumbers[type eq "mobile"].value', 'emails[type eq "work"].value'],
    Group: ['displayName'],
  },
  refused: [],
  limits: {},
};
