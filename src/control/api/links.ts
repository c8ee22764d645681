// /api/jobs/{id}/links: which object of the directory has which account, as a list and as CSV; linked and unlinked by hand.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { allLinks, linkAccount, listLinks, unlinkAccount } from '../../cycle/use-cases/links.ts';
import { jobOf } from '../../cycle/use-cases/not-found.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { LinkQuery, LinkRecord } from '../../rules/model/records.ts';
import { objectTypes } from '../../rules/model/source-object.ts';
import type { Link } from '../../rules/model/target.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { present } from '../http/present.ts';
import { csvLines } from './csv.ts';
import { paged, pageOf, paging, pagingQuery } from './paging.ts';

const states = ['active', 'disabled'] as const;
const filters = z.object({
  type: z.enum(objectTypes).optional(),
  state: z.enum(states).optional(),
  search: z.string().min(1).max(200).optional().describe('Part of the display name, or one of the two ids.'),
});
const newLink = z.strictObject({ sourceId: z.string().min(1), targetId: z.string().min(1).max(1_000) });

const basics = {
  sourceId: z.string(),
  type: z.enum(objectTypes),
  targetId: z.string(),
  displayName: z.string(),
  state: z.enum(states),
  createdAt: z.iso.datetime(),
};
const link = z.strictObject(basics).meta({ id: 'link' });
const listedLink = z
  .strictObject({
    ...basics,
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    held: z.boolean(),
  })
  .meta({ id: 'listedLink' });

export const linkRoutes = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  '/jobs/:jobId/links': { GET: list(deps), POST: create(deps) },
  '/jobs/:jobId/links/export': { GET: download(deps) },
  '/jobs/:jobId/links/:sourceId': { DELETE: remove(deps) },
});

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List the links of a job in the order of their source ids.',
  role: 'reader',
  status: 200,
  query: filters.extend(pagingQuery.shape),
  answer: pageOf(listedLink),
  handle: async (request) => {
    const job = await jobOf(deps, param(request, 'jobId'));
    const { links, next } = await listLinks(deps, job, { ...filtersOf(request), ...paging(request) });
    return paged(request, links.map(listedShape), next);
  },
});

const columns = [
  'sourceId',
  'type',
  'targetId',
  'displayName',
  'state',
  'createdAt',
  'held',
  'errorCode',
  'errorMessage',
];

const download = (deps: UseCaseDeps): Operation => ({
  summary: 'All links of a job as CSV.',
  role: 'reader',
  status: 200,
  query: filters,
  answer: z.string().meta({ contentType: 'text/csv' }),
  handle: async (request, reply) => {
    const job = await jobOf(deps, param(request, 'jobId'));
    const rows = rowsOf(allLinks(deps, job, filtersOf(request)));
    return sendCsv(reply, 'links.csv', Readable.from(csvLines(columns, rows)));
  },
});

async function* rowsOf(links: AsyncIterable<LinkRecord>): AsyncGenerator<readonly string[]> {
  for await (const { error, held, ...each } of links) {
    const { sourceId, type, targetId, displayName, state, createdAt } = linkShape(each);
    yield [
      sourceId,
      type,
      targetId,
      displayName,
      state,
      createdAt,
      String(held),
      error?.code ?? '',
      error?.message ?? '',
    ];
  }
}

const sendCsv = (reply: FastifyReply, name: string, body: Readable): FastifyReply =>
  reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`).send(body);

const create = (deps: UseCaseDeps): Operation => ({
  summary: 'Link an object with an account that exists; the next cycle brings it in step.',
  role: 'operator',
  status: 201,
  body: newLink,
  answer: link,
  handle: async (request) => {
    const { sourceId, targetId } = readBody(newLink, request);
    const job = await jobOf(deps, param(request, 'jobId'));
    return linkShape(await linkAccount(deps, job, { sourceId, targetId, actor: actorOf(request) }));
  },
});

const remove = (deps: UseCaseDeps): Operation => ({
  summary: 'Forget a link. The account stays as it is; the next cycle matches the object anew.',
  role: 'operator',
  status: 204,
  handle: async (request) =>
    unlinkAccount(deps, await jobOf(deps, param(request, 'jobId')), param(request, 'sourceId'), actorOf(request)),
});

/** Throws ZodError that names the option. */
const filtersOf = ({ query }: FastifyRequest): Pick<LinkQuery, 'type' | 'state' | 'search'> =>
  present(filters.parse(query));

const linkShape = ({ sourceId, type, targetId, displayName, state, createdAt }: Link) => ({
  sourceId,
  type,
  targetId,
  displayName,
  state,
  createdAt: createdAt.toISOString(),
});
const listedShape = (record: LinkRecord): JsonObject => ({
  ...linkShape(record),
  error: record.error,
  held: record.held,
});
