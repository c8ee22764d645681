// A directory reader over a scripted Graph, with little patience, and a log that a test can read.
import { directoryCredential } from '../../src/directory/credential.ts';
import { graphDirectory } from '../../src/directory/graph-directory.ts';
import type { GraphDirectory } from '../../src/directory/graph-directory.ts';
import type { DirectoryLog } from '../../src/directory/log.ts';
import type { MirrorWriter } from '../../src/directory/mirror-writer.ts';
import type { Pace } from '../../src/directory/retry.ts';

export const TENANT = 'tenant.example';
export const impatient: Pace = {
  requestTimeout: 2_000,
  patience: 1_500,
  unreachable: 1_500,
  backoff: 20,
  maxBackoff: 100,
};
export const select = { User: ['displayName', 'city', 'manager'], Group: ['displayName', 'members'] };

export interface RecordedLog extends DirectoryLog {
  readonly lines: readonly string[];
}
export function recordedLog(): RecordedLog {
  const lines: string[] = [];
  const note = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { lines, info: note, warn: note };
}

interface ReaderOptions {
  readonly url: string;
  readonly caPem: string;
  readonly mirror: MirrorWriter;
  readonly log?: DirectoryLog;
  readonly pace?: Partial<Pace>;
  readonly tenantId?: string;
  readonly clientSecret?: string;
}
export function openReader(options: ReaderOptions): GraphDirectory {
  const { url, caPem, mirror, log, tenantId = TENANT, clientSecret = 'provisor' } = options;
  const clientId = 'provisor';
  return graphDirectory({
    tenantId,
    credential: directoryCredential({ tenantId, clientId, clientSecret, authorityHost: url, caPem }),
    graphBaseUrl: url,
    caPem,
    mirror,
    now: () => new Date('2026-01-01T00:00:00Z'),
    logger: log,
    userAgent: 'Provisor/test',
    pace: { ...impatient, ...options.pace },
  });
}
