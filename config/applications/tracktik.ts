// TrackTik: security guards. A non-gallery application with the default mappings; users become employees, groups roles.
import { scimGroupAttributes, scimUserAttributes } from '../templates/scim-directory.ts';
import { scimGroupRows, scimUserRows } from '../templates/mappings.ts';
import { allActions, usualRoles } from './application.ts';
import type { Application } from './application.ts';

export const tracktik: Application = {
  id: 'tracktik',
  applicationTemplateId: 'e7c3d2b1-4f6a-4d29-a8d7-9b1c6e5f2a05',
  offered: 'non-gallery',
  gallery: {
    displayName: 'TrackTik',
    description: 'Security workforce: users become employees, groups become roles',
    publisher: 'TrackTik',
    homePageUrl: 'https://www.tracktik.com/',
    categories: ['Human resources', 'Security'],
    logoText: 'TT',
    supports: [
      'Create, update and remove employees, in the region HQ',
      'Create, update and remove roles, and keep who holds them',
    ],
  },
  credentials: {
    tenantUrl: {
      help: 'The domain of your TrackTik portal, with the path of its SCIM interface.',
      patterns: [{ name: 'All customers', url: 'https://{domain}/rest/scim/v2/' }],
      parameters: [
        {
          name: 'domain',
          label: 'Domain',
          help: 'What stands in the address bar when you are signed in to TrackTik.',
          example: 'contoso.guards.app',
        },
      ],
    },
    secret: {
      name: 'Access token',
      whereToFind: 'TrackTik issues an access token for the SCIM interface of your portal.',
    },
  },
  directory: { id: '9d1c8d53-2b0e-4c57-8a8e-1d1a7a4a4e05', name: 'TrackTik' },
  users: { filterable: null, attributes: scimUserAttributes, mappings: scimUserRows, actions: allActions },
  groups: { filterable: null, attributes: scimGroupAttributes, mappings: scimGroupRows, actions: allActions },
  defaultScope: 'assigned',
  roles: usualRoles,
  dialect: {},
  guide: {
    before: ['A TrackTik portal with SCIM, and an access token for it.'],
    special: [
      'TrackTik is not in the gallery of Entra: create an application of your own there. Provisor offers its job template `tracktik` for such applications; `scim` does the same.',
      'Users become employees. They are placed in the region HQ; move them in TrackTik afterwards, the region is not provisioned.',
      'Groups become roles, and all direct members of an assigned group become employees and hold the role.',
      'The default mappings stay as they are, with create, update and delete for both.',
    ],
    limits: ['Changes arrive with the next cycle, 20 to 40 minutes later, unless a cycle is run by hand.'],
    troubleshooting: [
      {
        symptom: 'An employee does not appear',
        remedy: 'Only assigned users and members of assigned groups are provisioned: `provisor explain` says why not.',
      },
      {
        symptom: 'The connection test answers 404',
        remedy: 'The tenant URL must end with /rest/scim/v2/ and start with the domain of your own portal.',
      },
    ],
  },
};
