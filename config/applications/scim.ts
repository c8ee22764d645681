// Any application that speaks SCIM 2.0: Entra's non-gallery application.
import { scimGroupAttributes, scimUserAttributes } from '../templates/scim-directory.ts';
import { scimGroupRows, scimUserRows } from '../templates/mappings.ts';
import { allActions, usualRoles } from './application.ts';
import type { Application } from './application.ts';

export const scim: Application = {
  id: 'scim',
  applicationTemplateId: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
  offered: 'non-gallery',
  gallery: {
    displayName: 'Custom',
    description: 'Users and groups to an application that offers a SCIM 2.0 endpoint',
    publisher: 'Your organization',
    homePageUrl: 'https://www.rfc-editor.org/rfc/rfc7644',
    categories: [],
    logoText: 'SC',
    supports: [
      'Create, update and disable users; delete them when they are gone for good',
      'Create, rename and delete groups, and keep their members',
      'Managers, application roles and attributes of schema extensions',
    ],
  },
  credentials: {
    tenantUrl: {
      help: 'The address below which the application answers /Users and /Groups. With ?aadOptscim062020 at its end the requests take the form that Entra sends with that flag.',
      patterns: [],
      parameters: [],
    },
    secret: { name: 'Secret token', whereToFind: 'A bearer token that the application issues for provisioning.' },
  },
  directory: { id: '8ffa6169-f354-4751-9b77-9c00765be92d', name: 'customappsso' },
  users: { filterable: null, attributes: scimUserAttributes, mappings: scimUserRows, actions: allActions },
  groups: { filterable: null, attributes: scimGroupAttributes, mappings: scimGroupRows, actions: allActions },
  defaultScope: 'assigned',
  roles: usualRoles,
  dialect: {},
  guide: {
    before: ['The application offers SCIM 2.0 and issues a bearer token for it.'],
    special: [
      'Requests follow RFC 7644 to the letter. Where an application was built against what Entra sends by default, choose the dialect `entra` or put the flag into the tenant URL.',
      '`externalId` is filled from `mailNickname`, as in Entra. It is neither mandatory nor unique there: where the application keeps accounts apart by `externalId`, map `objectId` instead before the first cycle.',
    ],
    limits: [],
    troubleshooting: [
      {
        symptom: 'The connection test answers 401 or 403',
        remedy: 'Issue a new token in the application and save it as the secret token.',
      },
      {
        symptom: 'The connection test says that the answer is no SCIM list',
        remedy: 'The tenant URL ends too early or too late: `/Users` is appended to it.',
      },
    ],
  },
};
