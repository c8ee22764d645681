// Graph's synchronizationTemplate of an application: what its jobs start from, built from the application's record.
import type { KeyValue, ObjectMapping, SynchronizationSchema } from '../../src/rules/model/schema.ts';
import type { Dialect, ResourceType } from '../../src/rules/model/target.ts';
import { directory } from '../templates/definitions.ts';
import { ENTRA, entraDirectory } from '../templates/entra-directory.ts';
import { attributeMapping } from '../templates/mappings.ts';
import { SCIM_GROUP, SCIM_USER } from '../templates/scim-directory.ts';
import type { Application, ObjectOffer } from './application.ts';
import { tenantUrlHint } from './tenant-url.ts';
import { scim } from './scim.ts';

export interface JobTemplate {
  /** First part of the ids of its jobs. */
  readonly id: string;
  /** The application template that offers it. */
  readonly applicationId: string;
  readonly factoryTag: string;
  readonly description: string;
  readonly default: boolean;
  readonly discoverable: boolean;
  /** Keys in the casing of v1.0. */
  readonly metadata: readonly KeyValue[];
  /** Id and version are replaced when a job is created. */
  readonly schema: SynchronizationSchema;
  /** Laid over the dialect `rfc`. */
  readonly dialect: Partial<Dialect>;
  /** Why a tenant URL may be none of this application, as one sentence; `null` when nothing speaks against it. */
  readonly tenantUrlHint: (url: string) => string | null;
  /** Settings that its jobs start with. */
  readonly settings: Readonly<Record<string, string>>;
}

const entries = (values: Readonly<Record<string, string>>): readonly KeyValue[] =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

export const jobTemplate = (application: Application): JobTemplate => ({
  id: application.id,
  applicationId: application.applicationTemplateId,
  factoryTag: application.id,
  description: application.gallery.description,
  default: true,
  discoverable: false,
  metadata: entries({
    GalleryApplicationIdentifier: application.applicationTemplateId,
    GalleryApplicationKey: application.directory.name,
    IsSynchronizationInPreview: 'False',
    ConfigurationFields: JSON.stringify(configurationFields(application)),
  }),
  schema: schemaOf(application),
  dialect: dialectOf(application),
  tenantUrlHint: (url) => tenantUrlHint(application, url),
  // The tutorials of the gallery exclude who has Default Access only; an application of one's own takes them, as Entra does.
  settings:
    application.applicationTemplateId === scim.applicationTemplateId ? {} : { AllowDefaultEntitlement: 'False' },
});

/** The fields of the credentials form; names as Entra has them. */
function configurationFields({ credentials: { tenantUrl, secret } }: Application): readonly object[] {
  const patterns = tenantUrl.patterns.map(({ url }) => url);
  return [
    { name: 'baseaddress', label: 'Tenant URL', help: tenantUrl.help, patterns, parameters: tenantUrl.parameters },
    { name: 'secrettoken', secret: true, label: secret.name, help: secret.whereToFind },
  ];
}

function dialectOf({ dialect, users, groups }: Application): Partial<Dialect> {
  const creates = (offer: ObjectOffer | null): boolean => offer?.actions.includes('Add') ?? false;
  const byType = <T>(of: (offer: ObjectOffer | null) => T): Readonly<Record<ResourceType, T>> => ({
    User: of(users),
    Group: of(groups),
  });
  return { ...dialect, filterable: byType((offer) => offer?.filterable ?? null), creates: byType(creates) };
}

const schemaOf = ({ id, directory: { id: directoryId, name }, users, groups }: Application): SynchronizationSchema => ({
  id,
  version: '1.0',
  synchronizationRules: [
    {
      id: '03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8',
      name: 'USERGROUP_OUTBOUND_USERGROUP',
      editable: true,
      priority: 1,
      sourceDirectoryName: ENTRA,
      targetDirectoryName: name,
      objectMappings: [
        objectMapping('User', SCIM_USER, users),
        ...(groups === null ? [] : [objectMapping('Group', SCIM_GROUP, groups)]),
      ],
      metadata: entries({ supportsProvisionOnDemand: 'true' }),
    },
  ],
  directories: [
    entraDirectory,
    directory(directoryId, name, [
      { name: SCIM_USER, attributes: users.attributes, metadata: [], supportedApis: [] },
      ...(groups === null
        ? []
        : [{ name: SCIM_GROUP, attributes: groups.attributes, metadata: [], supportedApis: [] }]),
    ]),
  ],
});

const objectMapping = (
  sourceObjectName: ObjectMapping['sourceObjectName'],
  targetObjectName: string,
  { actions, mappings }: ObjectOffer,
): ObjectMapping => ({
  name: `Provision Azure Active Directory ${sourceObjectName}s`,
  enabled: true,
  flowTypes: actions,
  sourceObjectName,
  targetObjectName,
  attributeMappings: mappings.map(attributeMapping),
  scope: null,
  metadata: mappingMetadata(mappings.find(({ matching }) => matching === 1)?.target ?? ''),
});

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
