// /api/jobs/{id}/escrows: what failed, grouped by cause, and what is to become of it.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import {
  escrowCauses,
  ignoreEscrows,
  listEscrows,
  retryEscrows,
  snoozeEscrows,
} from '../../cycle/use-cases/escrows.ts';
import type { EscrowAct, EscrowActed } from '../../cycle/use-cases/escrows.ts';
import { jobOf } from '../../cycle/use-cases/not-found.ts';
import { escrowStates } from '../../rules/model/escrow.ts';
import type { EscrowCauseEntry, EscrowChoice, EscrowEntry, EscrowQuery } from '../../rules/model/escrow.ts';
import type { Job } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { objectTypes } from '../../rules/model/source-object.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { present } from '../http/present.ts';
import { paged, pageOf, paging, pagingQuery } from './paging.ts';

const time = z.iso.datetime();
const filters = z.object({
  cause: z.string().min(1).optional().describe('Id of a cause, as …/escrows/causes gives it.'),
  code: z.string().min(1).optional().describe('An error code, such as Conflict.'),
  state: z.enum(escrowStates).optional(),
  sourceId: z.string().min(1).optional().describe('Failures of this object of the directory only.'),
});
const MOST_IDS = 10_000;
const choice = {
  ids: z
    .array(z.string().min(1))
    .min(1)
    .max(MOST_IDS)
    .optional()
    .describe('Ids of failures, or of objects of the directory: then all of their failures.'),
  cause: z.string().min(1).optional(),
  all: z.literal(true).optional(),
  reason: z.string().min(1).max(1_000).optional().describe('Kept with the failure and in the audit log.'),
};
const ONE = 'Send exactly one of ids, cause and all.';
const chosenOnce = ({ ids, cause, all }: { ids?: unknown; cause?: unknown; all?: unknown }): boolean =>
  [ids, cause, all].filter((each) => each !== undefined).length === 1;
const act = z.strictObject(choice).refine(chosenOnce, ONE);
const snooze = z
  .strictObject({ ...choice, until: z.iso.datetime({ offset: true }).describe('A time to come.') })
  .refine(chosenOnce, ONE);

const failure = z
  .strictObject({
    id: z.string().describe('{sourceId}/{subject}'),
    sourceId: z.string(),
    type: z.enum(objectTypes),
    subject: z
      .string()
      .describe('object, the reference attribute that failed, or members/{id} for one member of a group.'),
    displayName: z.string().nullable(),
    action: z.string(),
    cause: z.string(),
    state: z.enum(escrowStates),
    error: z.strictObject({
      code: z.string(),
      message: z.string(),
      attribute: z.string().nullable(),
      status: z.int().nullable(),
      detail: z.string().nullable(),
    }),
    attempts: z.int().min(1),
    firstFailed: time,
    lastFailed: time,
    nextRetry: time.nullable(),
    note: z.string().nullable(),
    notedBy: z.string().nullable(),
  })
  .meta({ id: 'escrow' });
const cause = z
  .strictObject({
    cause: z.string(),
    code: z.string(),
    attribute: z.string().nullable(),
    count: z.int().min(1),
    states: z.partialRecord(z.enum(escrowStates), z.int().min(1)),
    firstFailed: time,
    lastFailed: time,
    nextRetry: time.nullable(),
    example: z.strictObject({ sourceId: z.string(), message: z.string() }),
  })
  .meta({ id: 'escrowCause' });
const acted = z.strictObject({
  count: z.int().min(1).describe('Failures that it was about.'),
  nextCycle: time.nullable().describe('When the job looks at them next; null while it is paused or disabled.'),
});

const ESCROWS = '/jobs/:jobId/escrows';
export const escrowRoutes = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  [ESCROWS]: { GET: list(deps) },
  [`${ESCROWS}/causes`]: { GET: causes(deps) },
  [`${ESCROWS}/retry`]: {
    POST: acting(deps, act, 'Make failures due in the next cycle, whatever was decided about them.', retryEscrows),
  },
  [`${ESCROWS}/ignore`]: {
    POST: acting(deps, act, 'Try failures no more until their object changes. They stay counted.', ignoreEscrows),
  },
  [`${ESCROWS}/snooze`]: {
    POST: acting(
      deps,
      snooze,
      'Leave failures alone until a time, or until their object changes.',
      (inner, job, given, body) => snoozeEscrows(inner, job, given, new Date((body as z.output<typeof snooze>).until)),
    ),
  },
});

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List what is in escrow, in the order of source ids.',
  role: 'reader',
  status: 200,
  query: filters.extend(pagingQuery.shape),
  answer: pageOf(failure),
  handle: async (request) => {
    const job = await jobOf(deps, param(request, 'jobId'));
    const { entries, next } = await listEscrows(deps, job, queryOf(request));
    return paged(request, entries.map(failureShape), next);
  },
});

const causes = (deps: UseCaseDeps): Operation => ({
  summary: 'Group what is in escrow by its cause, the most frequent first.',
  role: 'reader',
  status: 200,
  answer: z.strictObject({ value: z.array(cause) }),
  handle: async (request) => {
    const found = await escrowCauses(deps, await jobOf(deps, param(request, 'jobId')));
    return { value: found.map(causeShape) };
  },
});

type Body = z.output<typeof act> | z.output<typeof snooze>;
const acting = (
  deps: UseCaseDeps,
  body: typeof act | typeof snooze,
  summary: string,
  work: (deps: UseCaseDeps, job: Job, given: EscrowAct, body: Body) => Promise<EscrowActed>,
): Operation => ({
  summary,
  role: 'operator',
  status: 200,
  body,
  answer: acted,
  handle: async (request) => {
    const given: Body = readBody<z.ZodType<Body>>(body, request);
    const job = await jobOf(deps, param(request, 'jobId'));
    const { count, nextCycle } = await work(deps, job, actOf(request, given), given);
    return { count, nextCycle: nextCycle?.toISOString() ?? null };
  },
});

const actOf = (request: FastifyRequest, given: Body): EscrowAct => ({
  choice: choiceOf(given),
  reason: given.reason ?? null,
  actor: actorOf(request),
});
function choiceOf({ ids, cause: wanted }: Body): EscrowChoice {
  if (ids !== undefined) return { ids };
  return wanted === undefined ? { all: true } : { cause: wanted };
}

/** Throws ZodError that names the option. */
function queryOf(request: FastifyRequest): EscrowQuery {
  const { limit, after: cursor } = paging(request);
  return { limit, ...present({ ...filters.parse(request.query), cursor }) };
}

const failureShape = ({ error, ...entry }: EscrowEntry): JsonObject => ({
  id: `${entry.sourceId}/${entry.subject}`,
  ...entry,
  error: {
    code: error.code,
    message: error.message,
    attribute: error.attribute ?? null,
    status: error.status ?? null,
    detail: error.detail ?? null,
  },
  firstFailed: entry.firstFailed.toISOString(),
  lastFailed: entry.lastFailed.toISOString(),
  nextRetry: entry.nextRetry?.toISOString() ?? null,
});

const causeShape = ({ states, example, ...entry }: EscrowCauseEntry): JsonObject => ({
  ...entry,
  states: { ...states },
  example: { ...example },
  firstFailed: entry.firstFailed.toISOString(),
  lastFailed: entry.lastFailed.toISOString(),
  nextRetry: entry.nextRetry?.toISOString() ?? null,
});
