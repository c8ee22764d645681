// Dialpad: telephony. Groups keep the name that they were created with.
import { texts } from '../templates/definitions.ts';
import { active, externalId, id, SCIM_USER, scimGroupAttributes, userName } from '../templates/scim-directory.ts';
import { activeRow, match, onCreate, row } from '../templates/mappings.ts';
import { allActions, usualRoles } from './application.ts';
import type { Application } from './application.ts';

const workEmail = 'emails[type eq "work"].value';
const workPhone = 'phoneNumbers[type eq "work"].value';

export const dialpad: Application = {
  id: 'dialpad',
  applicationTemplateId: 'd4e0b5a9-9b7e-4c8f-b6ce-3e8c2f7a1d04',
  offered: 'gallery',
  gallery: {
    displayName: 'Dialpad',
    description: 'Business telephony: assigned users and groups',
    publisher: 'Dialpad',
    homePageUrl: 'https://www.dialpad.com/',
    categories: ['Collaboration', 'Telecommunications'],
    logoText: 'DP',
    supports: ['Create, update and remove users', 'Create and delete groups, and keep their members'],
  },
  credentials: {
    tenantUrl: {
      help: 'The same for every customer.',
      patterns: [{ name: 'All customers', url: 'https://dialpad.com/scim' }],
      parameters: [],
    },
    secret: {
      name: 'API key',
      whereToFind: 'A company administrator issues it in the admin portal of Dialpad, among the API keys.',
    },
  },
  directory: { id: '9d1c8d53-2b0e-4c57-8a8e-1d1a7a4a4e04', name: 'Dialpad' },
  users: {
    filterable: ['userName'],
    attributes: [
      id,
      userName,
      active,
      externalId,
      ...texts('displayName', 'title', workEmail, 'name.givenName', 'name.familyName', workPhone),
      ...texts(`${SCIM_USER}:department`),
    ],
    mappings: [
      match('userName', '[userPrincipalName]'),
      activeRow,
      row('displayName', '[displayName]'),
      row('title', '[jobTitle]'),
      row(workEmail, '[mail]'),
      row('name.givenName', '[givenName]'),
      row('name.familyName', '[surname]'),
      row(workPhone, '[telephoneNumber]'),
      row('externalId', '[mailNickname]'),
      row(`${SCIM_USER}:department`, '[department]'),
    ],
    actions: allActions,
  },
  groups: {
    filterable: ['displayName'],
    attributes: scimGroupAttributes,
    mappings: [
      onCreate('displayName', '[displayName]', { matching: 1 }),
      row('externalId', '[objectId]'),
      row('members', '[members]'),
    ],
    actions: allActions,
  },
  defaultScope: 'assigned',
  roles: usualRoles,
  dialect: { renamesGroups: false },
  guide: {
    before: ['A Dialpad company administrator, and an API key. Dialpad offers provisioning on its business plans.'],
    special: [
      'Groups are not renamed. `displayName` of a group is written when the group is created and never again. A rename in the directory is noted in the provisioning log as skipped, with this reason; members are kept in step all the same.',
      'Only what is assigned is provisioned by default. Users and groups that are assigned with *Default Access* are left out, and the log says that they are not effectively entitled: assign the role *User*.',
    ],
    limits: ['A group that must have another name is created anew: delete it in Dialpad and restart the job.'],
    troubleshooting: [
      {
        symptom: 'An assigned user is skipped as not effectively entitled',
        remedy: 'The assignment has the role Default Access. Assign the role User instead.',
      },
      {
        symptom: 'A group has its old name in Dialpad',
        remedy: 'Dialpad renames no group. The log of the group says so; see the limits.',
      },
    ],
  },
};
