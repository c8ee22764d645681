// /api/jobs/{id}/held: what the deletion guard keeps back, and the decision about it.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { decideHeld, listHeld } from '../../cycle/use-cases/held.ts';
import { jobOf } from '../../cycle/use-cases/not-found.ts';
import { heldActions, heldDecisions, heldReasons } from '../../rules/model/held.ts';
import type { Decided, HeldFilter, HeldObject, HeldSelection } from '../../rules/model/held.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { objectTypes } from '../../rules/model/source-object.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { present } from '../http/present.ts';
import { paged, pageOf, paging, pagingQuery } from './paging.ts';

const filter = z.strictObject({
  type: z.enum(objectTypes).optional(),
  action: z.enum(heldActions).optional(),
  because: z.enum(heldReasons).optional().describe('Why it is to lose its access.'),
  contains: z.string().min(1).max(200).optional().describe('Part of the display name, or of one of the two ids.'),
  decision: z.enum(heldDecisions).optional(),
});
const decision = z
  .strictObject({
    ids: z.array(z.string().min(1)).min(1).max(10_000).optional().describe('As the list names them.'),
    filter: filter.optional().describe('Everything given must fit; of what waits, unless a decision is named.'),
    all: z.literal(true).optional().describe('Everything that waits.'),
    reason: z.string().trim().min(1).max(1_000).describe('Stays in the audit log.'),
    run: z.boolean().optional().describe('Run an incremental cycle at once.'),
  })
  .refine((body) => [body.ids, body.filter, body.all].filter((given) => given !== undefined).length === 1, {
    message: 'Give one of ids, filter and all.',
    path: ['ids'],
  });

const heldObject = z
  .strictObject({
    id: z.string(),
    sourceId: z.string(),
    subject: z.enum(['object', 'members']),
    type: z.enum(objectTypes),
    action: z.enum(heldActions),
    because: z.enum(heldReasons),
    displayName: z.string(),
    targetId: z.string(),
    count: z.int().min(1),
    why: z.string(),
    evidence: z.record(z.string(), z.unknown()),
    cycleId: z.string(),
    heldAt: z.iso.datetime(),
    decision: z.enum(heldDecisions),
    decidedAt: z.iso.datetime().nullable(),
    decidedBy: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'heldObject' });
const decidedAnswer = z.strictObject({
  decided: z.int().min(0),
  ids: z.array(z.string()),
  cycleId: z.string().nullable(),
});

export const heldRoutes = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  '/jobs/:jobId/held': { GET: list(deps) },
  '/jobs/:jobId/held/approve': {
    POST: decide(deps, 'approved', 'Approve held deletions: the next cycle carries them out.'),
  },
  '/jobs/:jobId/held/reject': {
    POST: decide(deps, 'rejected', 'Reject held deletions: the accounts stay as they are.'),
  },
});

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List what the deletion guard holds, with its evidence, in the order of source ids.',
  role: 'reader',
  status: 200,
  query: filter.extend(pagingQuery.shape),
  answer: pageOf(heldObject),
  handle: async (request) => {
    const job = await jobOf(deps, param(request, 'jobId'));
    const { held, next } = await listHeld(deps, job, filterOf(request), paging(request));
    return paged(request, held.map(heldShape), next);
  },
});

const decide = (deps: UseCaseDeps, to: Decided['decision'], summary: string): Operation => ({
  summary,
  role: 'operator',
  status: 200,
  body: decision,
  answer: decidedAnswer,
  handle: async (request) => {
    const body = readBody(decision, request);
    const job = await jobOf(deps, param(request, 'jobId'));
    const { ids, cycleId } = await decideHeld(deps, job, {
      decision: to,
      which: selectionOf(body),
      reason: body.reason,
      run: body.run ?? false,
      actor: actorOf(request),
    });
    return { decided: ids.length, ids, cycleId };
  },
});

function selectionOf({ ids, filter: given }: z.output<typeof decision>): HeldSelection {
  return ids === undefined ? { filter: { decision: 'waiting', ...present(given ?? {}) } } : { ids };
}

/** Throws ZodError that names the option. */
function filterOf({ query }: FastifyRequest): HeldFilter {
  const known = Object.entries(query as object).filter(([name]) => name in filter.shape);
  return present(filter.parse(Object.fromEntries(known)));
}

const heldShape = (held: HeldObject): JsonObject => ({
  ...held,
  heldAt: held.heldAt.toISOString(),
  decidedAt: held.decidedAt?.toISOString() ?? null,
});
