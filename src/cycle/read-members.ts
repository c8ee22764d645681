// Reads the members that a group has in the target, and notes those that are linked. Only what is shown counts: members
// that an answer leaves out, or that it does not show at all, are never taken for "not there" (invariant 7).
import pLimit from 'p-limit';
import type { ObjectError } from '../rules/model/errors.ts';
import type { Json } from '../rules/model/json.ts';
import { member, readPath } from '../rules/scim/read-path.ts';
import type { Deps, TargetSession } from './ports.ts';
import type { RunContext } from './run-context.ts';
import type { MemberGroup } from '../rules/model/records.ts';

/** A large group is megabytes of JSON: a process reads one at a time. */
const oneAtATime = pLimit(1);
/** Ids noted in one statement. */
const SLICE = 2_000;

interface Reading {
  readonly deps: Deps;
  readonly context: RunContext;
  readonly target: TargetSession;
  readonly group: MemberGroup;
}

/** `null` = noted, as far as the target shows members. */
export async function noteShownMembers(reading: Reading): Promise<ObjectError | null> {
  return reading.target.dialect.membersReadable ? oneAtATime(() => readOnce(reading)) : null;
}

async function readOnce({ deps, context, target, group }: Reading): Promise<ObjectError | null> {
  const found = await target.get('Group', group.targetId);
  if (!found.ok) return showsNothing(found.error) ? null : found.error;
  const ids = memberIds(readPath(found.value.attributes, 'members'));
  for (let start = 0; start < ids.length; start += SLICE)
    await deps.provisioning.noteMembers(context.job.id, group.groupId, ids.slice(start, start + SLICE));
  return null;
}

/** An answer that cannot be used, as one that is too large: what is missing is written, which changes nothing where it is there. */
const showsNothing = ({ code }: ObjectError): boolean =>
  code === 'SystemForCrossDomainIdentityManagementServiceIncompatible';

const memberIds = (members: Json | undefined): readonly string[] =>
  Array.isArray(members)
    ? members.flatMap((one: Json) => {
        const value = member(one, 'value');
        return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
      })
    : [];
