// …/jobs/{id}/bulkUpload: Graph's door for API-driven inbound provisioning. Jobs here provision outward, and say so.
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { Problem } from '../http/problem.ts';
import { jobOfPath } from './jobs.ts';

export const bulkUploadRoutes = (deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> =>
  Object.fromEntries(
    ['bulkUpload', 'bulkUpload/$value'].map((path) => [
      `${root}/jobs/:jobId/${path}`,
      {
        GET: refuse(deps, 'reader'),
        POST: refuse(deps, 'operator'),
        PUT: refuse(deps, 'admin'),
        DELETE: refuse(deps, 'admin'),
      },
    ]),
  );

const refuse = (deps: UseCaseDeps, role: Operation['role']): Operation => ({
  summary: 'Not for the jobs here: they provision from the directory to an application, and take no uploads.',
  role,
  status: 204,
  handle: async (request) => {
    const { id } = await jobOfPath(deps, request);
    throw new Problem({
      status: 400,
      code: 'Request_UnsupportedQuery',
      message: `Job ${id} provisions from the directory to an application; bulkUpload is for jobs that provision into the directory. Change the users and groups in the directory instead.`,
      target: 'bulkUpload',
    });
  },
});
