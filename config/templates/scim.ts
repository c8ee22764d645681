// The job template `scim`: any application that speaks SCIM 2.0 (Entra's non-gallery application).
import type { KeyValue, ObjectMapping } from '../../src/rules/model/schema.ts';
import { ENTRA, entraDirectory } from './entra-directory.ts';
import { SCIM_APPLICATION, SCIM_GROUP, SCIM_USER, scimDirectory } from './scim-directory.ts';
import { groupMappings, userMappings } from './scim-mappings.ts';
import type { JobTemplate } from './template.ts';

const entries = (values: Readonly<Record<string, string>>): readonly KeyValue[] =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

// Values that are JSON themselves, as Entra stores them.
const mappingMetadata = (joiningProperty: string): readonly KeyValue[] =>
  entries({
    IsCustomerDefined: 'false',
    DisableMonitoringForChanges: 'false',
    Disposition: '"Normal"',
    ExcludeFromReporting: 'false',
    EscrowBehavior: '"Default"',
    Unsynchronized: 'false',
    OriginalJoiningProperty: joiningProperty,
  });

const objectMapping = (
  rest: Pick<ObjectMapping, 'name' | 'sourceObjectName' | 'targetObjectName' | 'attributeMappings' | 'metadata'>,
): ObjectMapping => ({ ...rest, enabled: true, flowTypes: ['Add', 'Update', 'Delete'], scope: null });

export const scimTemplate: JobTemplate = {
  id: 'scim',
  applicationId: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
  factoryTag: 'scim',
  description: 'Users and groups to an application that offers a SCIM 2.0 endpoint',
  default: true,
  discoverable: false,
  metadata: entries({
    GalleryApplicationIdentifier: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
    GalleryApplicationKey: SCIM_APPLICATION,
    IsSynchronizationInPreview: 'False',
    ConfigurationFields: JSON.stringify([{ name: 'baseaddress' }, { name: 'secrettoken', secret: true }]),
  }),
  secretFields: [
    { key: 'BaseAddress', secret: false, required: true },
    { key: 'SecretToken', secret: true, required: false },
  ],
  schema: {
    id: 'scim',
    version: '1.0',
    synchronizationRules: [
      {
        id: '03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8',
        name: 'USERGROUP_OUTBOUND_USERGROUP',
        editable: true,
        priority: 1,
        sourceDirectoryName: ENTRA,
        targetDirectoryName: SCIM_APPLICATION,
        objectMappings: [
          objectMapping({
            name: 'Provision Azure Active Directory Users',
            sourceObjectName: 'User',
            targetObjectName: SCIM_USER,
            attributeMappings: userMappings,
            metadata: mappingMetadata('userName'),
          }),
          objectMapping({
            name: 'Provision Azure Active Directory Groups',
            sourceObjectName: 'Group',
            targetObjectName: SCIM_GROUP,
            attributeMappings: groupMappings,
            metadata: mappingMetadata('displayName'),
          }),
        ],
        metadata: entries({ supportsProvisionOnDemand: 'true' }),
      },
    ],
    directories: [entraDirectory, scimDirectory],
  },
};
