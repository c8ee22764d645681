// GroupTalk: push-to-talk. Labels of users and descriptions of groups stand in schema extensions of its own.
import { attribute, texts } from '../templates/definitions.ts';
import { scimGroupAttributes, active, externalId, id, SCIM_USER, userName } from '../templates/scim-directory.ts';
import { activeRow, match, row, scimGroupRows } from '../templates/mappings.ts';
import { allActions, usualRoles } from './application.ts';
import type { Application } from './application.ts';

const USER = 'urn:ietf:params:scim:schemas:extension:grouptalk:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:extension:grouptalk:2.0:Group';
const mobile = 'phoneNumbers[type eq "mobile"].value';
const workEmail = 'emails[type eq "work"].value';
const labels = [1, 2, 3, 4, 5].map((n) => `${USER}:label${String(n)}`);
const labelSources = ['department', 'jobTitle', 'physicalDeliveryOfficeName', 'city', 'country'];

export const grouptalk: Application = {
  id: 'grouptalk',
  applicationTemplateId: '3a6f0f4b-62f7-4a4e-9d0c-5f5a5cb0e601',
  offered: 'gallery',
  gallery: {
    displayName: 'GroupTalk',
    description: 'Push-to-talk for teams: users with their labels, and talk groups with their members',
    publisher: 'GroupTalk',
    homePageUrl: 'https://www.grouptalk.com/',
    categories: ['Collaboration', 'Telecommunications'],
    logoText: 'GT',
    supports: [
      'Create, update and remove users',
      'Five labels per user, cost center and organization',
      'Create groups with a description, and keep their members',
    ],
  },
  credentials: {
    tenantUrl: {
      help: 'The same for every customer.',
      patterns: [{ name: 'All customers', url: 'https://api.grouptalk.com/api/scim/' }],
      parameters: [],
    },
    secret: {
      name: 'JWT',
      whereToFind:
        'GroupTalk issues a JSON Web Token to your organization: ask your contact there for the one for SCIM.',
    },
  },
  directory: { id: '9d1c8d53-2b0e-4c57-8a8e-1d1a7a4a4e01', name: 'GroupTalk' },
  users: {
    filterable: ['userName', mobile, workEmail],
    attributes: [
      id,
      userName,
      active,
      externalId,
      ...texts(mobile, workEmail, 'name.givenName', 'name.familyName'),
      ...texts(`${SCIM_USER}:costCenter`, `${SCIM_USER}:organization`, ...labels),
    ],
    mappings: [
      match('userName', '[userPrincipalName]'),
      row(mobile, '[mobile]'),
      row(workEmail, '[mail]'),
      activeRow,
      row('name.givenName', '[givenName]'),
      row('name.familyName', '[surname]'),
      row('externalId', '[mailNickname]'),
      row(`${SCIM_USER}:costCenter`, '[extensionAttribute1]'),
      row(`${SCIM_USER}:organization`, '[companyName]'),
      ...labels.map((label, at) => row(label, `[${labelSources[at] ?? ''}]`)),
    ],
    actions: allActions,
  },
  groups: {
    filterable: ['displayName'],
    attributes: [...scimGroupAttributes, attribute(`${GROUP}:description`, 'String')],
    mappings: [...scimGroupRows, row(`${GROUP}:description`, '[description]')],
    actions: allActions,
  },
  defaultScope: 'assigned',
  roles: usualRoles,
  dialect: {},
  guide: {
    before: ['A GroupTalk organization, and a JSON Web Token that was issued for it.'],
    special: [
      `Labels. Each user has the labels \`label1\` to \`label5\` in the extension \`${USER}\`. They are filled from ${labelSources.map((name) => `\`${name}\``).join(', ')}; map them to whatever your dispatchers look for.`,
      `Groups. The description of a group goes to \`${GROUP}:description\`, so that people see what a talk group is for.`,
      'Accounts can be matched by user name, mobile number or work e-mail: GroupTalk filters by these and by nothing else.',
    ],
    limits: ['GroupTalk refuses filters by other attributes, so these cannot be used for matching.'],
    troubleshooting: [
      {
        symptom: 'A cycle fails with `invalidFilter`',
        remedy: 'A matching attribute was chosen that GroupTalk does not filter by. Use one of those marked below.',
      },
      {
        symptom: 'A label stays empty',
        remedy:
          'The attribute that it is mapped from is empty in the directory: `provisor explain` shows what was read. Nothing is written for an empty value.',
      },
    ],
  },
};
