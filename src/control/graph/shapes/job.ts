// Graph's synchronizationJob, with schedule and settings.
import type { JsonObject } from '../../../rules/model/json.ts';
import type { JobStatus } from '../../../cycle/use-cases/job-status.ts';
import { formatDuration } from '../../../rules/model/duration.ts';
import { statusShape } from './status.ts';

export const jobShape = (status: JobStatus): JsonObject => ({
  id: status.job.id,
  templateId: status.job.templateId,
  schedule: {
    expiration: null,
    interval: formatDuration(status.job.intervalSeconds),
    state: status.job.scheduleState,
  },
  status: statusShape(status),
  synchronizationJobSettings: Object.entries(status.job.settings).map(([name, value]) => ({ name, value })),
});
