// An application that was ill is tried with one object before the others follow: what that one shows of the application.
import { SystemError, failsAsSystem } from '../rules/model/errors.ts';
import type { ObjectError } from '../rules/model/errors.ts';
import type { Page } from '../rules/model/job.ts';
import type { PageRecord } from '../rules/model/records.ts';
import { ruleFor } from '../rules/mapping/compile.ts';
import type { Deps } from './ports.ts';
import { openTarget } from './run-context.ts';
import type { RunContext } from './run-context.ts';

/** `null` when the application bore it, refused that very object, or was asked nothing because nothing is known of it. */
export async function firstFailure(
  deps: Deps,
  context: RunContext,
  page: Page,
  record: PageRecord,
): Promise<SystemError | null> {
  const error = errorsOf(record).find(failsAsSystem) ?? (await lookUpFailure(deps, context, page, record));
  return error === null ? null : stillIll(error);
}

const errorsOf = ({ outcomes, references }: PageRecord): readonly ObjectError[] => [
  ...outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.error] : [])),
  ...references.flatMap(({ error, refusal }) => [error, refusal].filter((each) => each !== null)),
];

/** An object that needed no request is read, so that the application has to answer. */
async function lookUpFailure(
  deps: Deps,
  context: RunContext,
  page: Page,
  { counts }: PageRecord,
): Promise<ObjectError | null> {
  if ((counts.targetRequests ?? 0) > 0) return null;
  const [candidate] = await deps.provisioning.candidates(context.job, page.objectIds.slice(0, 1), context.namedGroups);
  if (candidate?.link == null) return null;
  const rule = ruleFor(context.schema, candidate.object.type);
  if (rule === null) return null;
  const target = openTarget(deps, context);
  const answer = await target.get(rule.resourceType, candidate.link.targetId);
  await deps.cycles.addCounts(context.cycle.id, { targetRequests: target.sent.requests });
  return !answer.ok && failsAsSystem(answer.error) ? answer.error : null;
}

const stillIll = ({ message }: ObjectError): SystemError =>
  new SystemError(
    'SystemForCrossDomainIdentityManagementUnreachable',
    `The application was tried with one object before all others, and is not well yet: ${message}`,
  );
