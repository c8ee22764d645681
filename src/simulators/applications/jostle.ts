// Jostle: users only, with four e-mail addresses told apart by their type; filters by userName and nothing else.
import { attributeSet, complex, flag, plural, text } from '../scim/attribute.ts';
import type { Schema } from '../scim/attribute.ts';
import { userName, usersOf } from '../scim/schemas.ts';
import type { ServiceRules } from '../scim/service-rules.ts';

const labels: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:jostle:2.0:User',
  name: 'JostleUser',
  attributes: attributeSet([text('alternateEmail1Label'), text('alternateEmail2Label')]),
};

export const jostle: ServiceRules = {
  name: 'jostle',
  basePath: '/scim',
  resources: [
    usersOf(
      [
        userName,
        flag('active'),
        complex('name', [text('givenName'), text('familyName')]),
        plural('emails', ['work', 'personal', 'alternate1', 'alternate2']),
      ],
      [labels],
    ),
  ],
  filterable: { User: ['userName'] },
  refused: [],
  limits: {},
};
