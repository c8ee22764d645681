// Sends the planned writes to the target. A refusal of one object is its outcome; only the loss of the target throws.
import type { Action, AttributeChange, Outcome } from '../rules/model/decisions.ts';
import { Withdrawn } from '../rules/model/errors.ts';
import type { ObjectError } from '../rules/model/errors.ts';
import type { KnownAttributes } from '../rules/model/target.ts';
import { redactedError } from '../rules/mapping/redact.ts';
import { createBody } from '../rules/scim/build.ts';
import { patchOperations } from '../rules/scim/patch.ts';
import { allEnded } from './all-ended.ts';
import { aboutObject } from './correlation.ts';
import type { TargetSession } from './ports.ts';
import type { Planned } from './stages.ts';

/** `busy` names objects that another run is writing at this moment. What may not be written any more has no outcome. */
export async function exportPage(
  target: TargetSession,
  planned: readonly Planned[],
  actions: readonly Action[],
  busy: ReadonlySet<string>,
): Promise<readonly Outcome[]> {
  const objects = new Map(planned.map((object) => [object.action, object]));
  const outcomes = await allEnded(
    actions.map(async (action) => {
      const object = objects.get(action);
      if (object === undefined) throw new Error(`action for ${action.sourceId} was not planned on this page`);
      if (busy.has(action.sourceId)) return failed(object, busyNow(action));
      return aboutObject(action.sourceId, () => exportOne(target, object)).catch(unlessWithdrawn);
    }),
  );
  return outcomes.filter((outcome) => outcome !== null);
}

/** For a write that was not sent: there is nothing to tell of it. Throws whatever else it is. */
export function unlessWithdrawn(error: unknown): null {
  if (error instanceof Withdrawn) return null;
  throw error;
}

async function exportOne(target: TargetSession, object: Planned): Promise<Outcome> {
  const { rule, action } = object;
  switch (action.kind) {
    case 'create': {
      const body = createBody(rule.resourceType, rule.targetObjectName, action.desired, target.dialect.create);
      const answer = await target.create(rule.resourceType, body);
      return answer.ok
        ? applied(action, answer.value.id, afterChanges({}, action.changes))
        : failed(object, answer.error);
    }
    case 'update':
    case 'disable':
    case 'restore': {
      const operations = patchOperations(action.changes, action.known);
      const answer = await target.patch(rule.resourceType, action.targetId, operations);
      return answer.ok
        ? applied(action, action.targetId, afterChanges(action.known, action.changes))
        : failed(object, answer.error);
    }
    case 'delete': {
      const answer = await target.remove(rule.resourceType, action.targetId);
      return answer.ok ? applied(action, action.targetId, null) : failed(object, answer.error);
    }
    case 'skip':
      return { kind: 'skipped', action };
    case 'refuse':
      return failed(object, action.error);
  }
}

const applied = (action: Action, targetId: string, known: KnownAttributes | null): Outcome => ({
  kind: 'applied',
  action,
  targetId,
  known,
});
const failed = ({ action, secrets }: Planned, error: ObjectError): Outcome => ({
  kind: 'failed',
  action,
  error: redactedError(error, secrets),
});

const busyNow = (action: Action): ObjectError => ({
  code: 'EntryBusy',
  message: `${action.displayName} is being written by another run at this moment; it is tried again in the next cycle.`,
});

function afterChanges(known: KnownAttributes, changes: readonly AttributeChange[]): KnownAttributes {
  const after = new Map(Object.entries(known));
  for (const { op, path, after: value, redacted } of changes) {
    if (op === 'remove') after.delete(path);
    else after.set(path, redacted === undefined ? value : redacted.kept);
  }
  return Object.fromEntries(after);
}
