// Gtmhub: accounts arrive by single sign-on and are never created over SCIM; groups are teams.
import { enterpriseUser, externalId, groupName, groupsOf, userName, usersOf } from '../scim/schemas.ts';
import type { ServiceRules } from '../scim/service-rules.ts';

export const gtmhub: ServiceRules = {
  name: 'gtmhub',
  basePath: '/api/v1/scim/azure/5f0c1e2ab4d3c60001a2b3c4',
  resources: [usersOf([userName, externalId], [enterpriseUser(['manager'])]), groupsOf(groupName, [])],
  filterable: { User: ['userName', 'externalId'], Group: ['displayName'] },
  refused: [
    {
      method: 'POST',
      type: 'User',
      at: 'collection',
      status: 403,
      detail: 'Users are created when they sign on for the first time, not over SCIM.',
    },
  ],
  limits: {},
};
