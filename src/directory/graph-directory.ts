// The directory reader: Microsoft Graph of one tenant → its mirror. Fits the cycle's Directory port.
import type { TokenCredential } from '@azure/identity';
import { SystemError } from '../rules/model/errors.ts';
import type { DirectoryServicePrincipal, RefreshCertificate } from '../rules/model/mirror.ts';
import {
  readServicePrincipal,
  readServicePrincipalByAppId,
  readServicePrincipalsNamed,
  readServicePrincipalOfApplication,
} from './assignments.ts';
import { connect } from './client.ts';
import { silentLog } from './log.ts';
import type { DirectoryLog, DirectoryObserver } from './log.ts';
import type { MirrorWriter } from './mirror-writer.ts';
import { readObjects } from './read-objects.ts';
import type { ObjectsRead } from './read-objects.ts';
import { refreshLine } from './refresh-line.ts';
import { refreshMirror } from './refresh.ts';
import type { MirrorRefresh } from './refresh.ts';
import { ordinaryPace } from './retry.ts';
import type { Pace } from './retry.ts';

export interface GraphDirectoryOptions {
  readonly tenantId: string;
  readonly credential: TokenCredential;
  /** `https://graph.microsoft.com`, or another host that speaks its v1.0. */
  readonly graphBaseUrl: string;
  /** Certificates, in PEM, of the authority that signed the host's certificate. */
  readonly caPem?: string | undefined;
  readonly mirror: MirrorWriter;
  readonly now: () => Date;
  readonly logger?: DirectoryLog | undefined;
  readonly userAgent: string;
  readonly pace?: Partial<Pace> | undefined;
  readonly observer?: DirectoryObserver | undefined;
}

export interface GraphDirectory {
  /** Throws SystemError; a certificate means that everything was read after this call. */
  refresh(request: MirrorRefresh): Promise<RefreshCertificate>;
  /** Reads chosen objects into the mirror, beside a refresh. Throws SystemError. */
  readObjects(request: ObjectsRead): Promise<{ readonly requests: number }>;
  /** `null` when the directory says that it does not exist. Throws SystemError. */
  servicePrincipal(id: string): Promise<DirectoryServicePrincipal | null>;
  /** The same by the id of its application. */
  servicePrincipalByAppId(appId: string): Promise<DirectoryServicePrincipal | null>;
  /** The same by the object id of its application. */
  servicePrincipalOfApplication(id: string): Promise<DirectoryServicePrincipal | null>;
  /** Those with exactly this display name. */
  servicePrincipalsNamed(displayName: string): Promise<readonly DirectoryServicePrincipal[]>;
  /** A refresh under way ends with SystemError; the next one goes on where it stopped. */
  close(): Promise<void>;
}

export function graphDirectory(options: GraphDirectoryOptions): GraphDirectory {
  const { tenantId, mirror, now } = options;
  const log = options.logger ?? silentLog;
  const { credential, graphBaseUrl, caPem, userAgent } = options;
  const connection = connect({
    credential,
    graphBaseUrl,
    caPem,
    userAgent,
    log,
    pace: { ...ordinaryPace, ...options.pace },
    observer: options.observer,
  });
  const refresh = refreshLine((request) =>
    refreshMirror({ tenantId, session: connection.open(), mirror, log }, request, now),
  );
  return {
    refresh: async (request) => {
      if (request.tenantId !== tenantId) throw otherTenant(request.tenantId, tenantId);
      return refresh(request);
    },
    readObjects: async (request) => {
      if (request.tenantId !== tenantId) throw otherTenant(request.tenantId, tenantId);
      return readObjects({ tenantId, session: connection.open(), mirror, log }, request);
    },
    servicePrincipal: (id) => readServicePrincipal(connection.open(), id),
    servicePrincipalByAppId: (appId) => readServicePrincipalByAppId(connection.open(), appId),
    servicePrincipalsNamed: (displayName) => readServicePrincipalsNamed(connection.open(), displayName),
    servicePrincipalOfApplication: (id) => readServicePrincipalOfApplication(connection.open(), id),
    close: () => connection.close(),
  };
}

const otherTenant = (asked: string, own: string): SystemError =>
  new SystemError(
    'DirectoryInvalidCredentials',
    `A refresh of tenant ${asked} was asked for, but the credentials are for tenant ${own}: set AZURE_TENANT_ID to the tenant of the job, or delete the job.`,
  );
