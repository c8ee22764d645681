// Gtmhub (today Quantive): goals. Users arrive by single sign-on; provisioning keeps them up to date and removes them.
import { externalId, id, manager, SCIM_USER, scimGroupAttributes, userName } from '../templates/scim-directory.ts';
import { match, row, scimGroupRows } from '../templates/mappings.ts';
import { allActions, usualRoles } from './application.ts';
import type { Application } from './application.ts';

export const gtmhub: Application = {
  id: 'gtmhub',
  applicationTemplateId: 'b1f9a7c4-0d53-4e08-9c55-7a0f4d1b3c03',
  offered: 'gallery',
  gallery: {
    displayName: 'Gtmhub',
    description: 'Objectives and key results: keeps users that signed on up to date, and removes them',
    publisher: 'Quantive',
    homePageUrl: 'https://quantive.com/',
    categories: ['Business management', 'Productivity'],
    logoText: 'GH',
    supports: ['Update and remove users', 'Managers', 'Groups as teams'],
  },
  credentials: {
    tenantUrl: {
      help: 'Contains the id of your account. Accounts of the US data centre have an address of their own.',
      patterns: [
        { name: 'Europe', url: 'https://app.gtmhub.com/api/v1/scim/azure/{account_id}' },
        { name: 'US data centre', url: 'https://app.us.gtmhub.com/api/v1/scim/azure/{account_id}' },
      ],
      parameters: [
        {
          name: 'account_id',
          label: 'Account id',
          help: 'The id of your account, as its settings in Gtmhub show it.',
          example: '5f0c1e2ab4d3c60001a2b3c4',
        },
      ],
    },
    secret: {
      name: 'SCIM token',
      whereToFind: 'An administrator of the account issues it in the settings of Gtmhub.',
    },
  },
  directory: { id: '9d1c8d53-2b0e-4c57-8a8e-1d1a7a4a4e03', name: 'Gtmhub' },
  users: {
    filterable: ['userName', 'externalId'],
    attributes: [id, userName, externalId, manager],
    mappings: [
      match('userName', '[userPrincipalName]'),
      row('externalId', '[mailNickname]'),
      row(`${SCIM_USER}:manager`, '[manager]'),
    ],
    actions: ['Update', 'Delete'],
  },
  groups: {
    filterable: ['displayName'],
    attributes: scimGroupAttributes,
    mappings: scimGroupRows,
    actions: allActions,
  },
  defaultScope: 'assigned',
  roles: usualRoles,
  dialect: { softDelete: false },
  guide: {
    before: [
      'Single sign-on to Gtmhub works: it is what creates the accounts.',
      'A Gtmhub administrator, the id of the account, and a SCIM token.',
    ],
    special: [
      'No user is ever created. A user in scope without an account is skipped with the reason `CreateNotAllowed`, which is no error. It is looked up again when it changes and in every initial cycle: after many people have signed on for the first time, restart the job, and their accounts are found, linked and kept in step.',
      'Users are removed, not disabled: Gtmhub keeps no `active` attribute. Whoever leaves scope loses the account. The deletion guard counts these removals; keep its threshold low while you try things out.',
      'Groups become teams by the default group mapping. Switch it off (`enabled: false` in the schema) where teams are kept in Gtmhub itself.',
    ],
    limits: ['Users: `userName`, `externalId` and `manager`, nothing else.'],
    troubleshooting: [
      {
        symptom: 'Everybody is skipped with `CreateNotAllowed`',
        remedy:
          'Nobody had signed on when the user was looked up: restart the job. Or user names differ: `userPrincipalName` must be what Gtmhub has as user name.',
      },
      {
        symptom: 'The connection test answers 404',
        remedy: 'The account id in the tenant URL is wrong, or the account is in the other data centre.',
      },
    ],
  },
};
