// Finds out what an application understands, on canary accounts of its own: a few users and a group are made, changed in each
// form, read back, and deleted again. No other object is touched, and nothing is written to the job.
import { ConfigError } from '../../rules/model/errors.ts';
import type { Job } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { Dialect, DialectKnobs, ResourceType } from '../../rules/model/target.ts';
import { createBody } from '../../rules/scim/build.ts';
import { dialectFor, withKnobs } from '../../rules/scim/dialects.ts';
import type { TargetSession } from '../ports.ts';
import { connectionOf } from '../target-connection.ts';
import { audit } from './audit.ts';
import type { UseCaseDeps } from './deps.ts';
import { groupSteps, userSteps } from './probe-steps.ts';
import type { Canaries, ProbeStep } from './probe-steps.ts';
import { bulk, pages } from './probe-many.ts';
import { make, messageOf } from './probing.ts';
import type { ProbeRow, Probing } from './probing.ts';

export interface ProbeReport {
  readonly rows: readonly ProbeRow[];
  /** What differs from the dialect that the job speaks now. */
  readonly found: DialectKnobs;
  /** Canaries that could not be deleted, as `Users/id`: to be deleted by hand. */
  readonly left: readonly string[];
}

/** Throws ConfigError without credentials, SystemError when the application cannot be reached; it cleans up all the same. */
export async function probeTarget(deps: UseCaseDeps, job: Job): Promise<ProbeReport> {
  const connection = connectionOf(await deps.secrets.get(job.servicePrincipalId));
  if (connection === null)
    throw new ConfigError(
      'CredentialsMissing',
      `Job ${job.id} has no tenant URL: save its credentials first.`,
      'BaseAddress',
    );
  const spoken = dialectFor({ ...job, tenantUrl: connection.baseAddress });
  // What happens to the members of the canary group has to be seen.
  const seeing = { ...spoken, membersReadable: true };
  const probing: Probing = {
    open: (knobs, options) =>
      deps.targets.open(connection, withKnobs(withKnobs(seeing, probing.found), knobs), options),
    found: {},
    rows: [],
    made: [],
  };
  const left: string[] = [];
  try {
    await probeAll(probing, `provisor-canary-${deps.newId().slice(0, 8)}`, spoken);
  } finally {
    left.push(...(await cleanUp(probing)));
  }
  return { rows: probing.rows, found: probing.found, left };
}

async function probeAll(probing: Probing, name: string, spoken: Dialect): Promise<void> {
  const one = await make(probing, 'User', userBody(`${name}-1@canary.example`, spoken));
  const two = one === null ? null : await make(probing, 'User', userBody(`${name}-2@canary.example`, spoken));
  if (one !== null && two !== null) {
    const canaries: Canaries = { user: one, other: two, group: '', name };
    await find(probing, 'User', 'userName', `${name}-1@canary.example`, one);
    for (const step of userSteps(canaries)) await run(probing, step);
    await pages(probing);
    await bulk(
      probing,
      spoken,
      [3, 4].map((n) => userBody(`${name}-${String(n)}@canary.example`, spoken)),
    );
  }
  const displayName = `${name}-group`;
  const group = await make(probing, 'Group', createBody('Group', GROUP, { displayName }, spoken.create));
  if (group === null || one === null || two === null) return;
  await find(probing, 'Group', 'displayName', displayName, group);
  for (const step of groupSteps({ user: one, other: two, group, name })) await run(probing, step);
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const userBody = (userName: string, { create }: Dialect): JsonObject =>
  createBody(
    'User',
    USER,
    {
      userName,
      active: true,
      displayName: 'Provisor canary',
      'name.givenName': 'Canary',
      'name.familyName': 'Provisor',
      'emails[type eq "work"].value': userName,
    },
    create,
  );

async function find(probing: Probing, type: ResourceType, path: string, value: string, id: string): Promise<void> {
  const answer = await probing.open({}).find(type, { targetPath: path, value, priority: 1 });
  const works = answer.ok && answer.value.some((one) => one.id === id);
  const detail = answer.ok ? 'the filter did not find the canary' : answer.error.message;
  probing.rows.push({
    step: `filter by ${path}`,
    result: works ? 'works' : 'does not work',
    detail: works ? '' : detail,
  });
}

/** The first form that is taken and has its effect, and no other one, is kept. */
async function run(probing: Probing, step: ProbeStep): Promise<void> {
  let refusal = 'it was taken, but had no effect';
  for (const [index, knobs] of [{}, ...step.forms].entries()) {
    const problem = await attempt(probing.open(knobs), step, index);
    if (problem === null) {
      probing.found = { ...probing.found, ...knobs };
      const otherwise = index > 0;
      const detail = otherwise ? JSON.stringify(knobs) : '';
      probing.rows.push({ step: step.name, result: otherwise ? 'works otherwise' : 'works', detail });
      return;
    }
    refusal = problem;
  }
  probing.found = { ...probing.found, ...step.without };
  probing.rows.push({ step: step.name, result: 'does not work', detail: refusal });
}

/** `null` when the step had its effect. */
async function attempt(session: TargetSession, step: ProbeStep, number: number): Promise<string | null> {
  for (const operations of step.before ?? []) await session.patch(step.type, step.id, operations);
  const answer = await session.patch(step.type, step.id, step.operations(number));
  if (!answer.ok) return messageOf(answer.error);
  const after = await session.get(step.type, step.id);
  if (!after.ok) return messageOf(after.error);
  return step.problem(after.value.attributes, number);
}

/** Groups first, so that no member dangles. Goes on whatever fails; answers what is left. */
async function cleanUp(probing: Probing): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { type, id } of probing.made.toReversed()) {
    const answer = await probing
      .open({})
      .remove(type, id)
      .catch(() => null);
    if (answer?.ok !== true) left.push(`${type}s/${id}`);
  }
  probing.rows.push({
    step: 'delete',
    result: left.length === 0 ? 'works' : 'does not work',
    detail: left.length === 0 ? '' : `delete by hand: ${left.join(', ')}`,
  });
  return left;
}

/** Writes what a probe found to the job, with the forms to be looked at anew. */
export async function keepProbed(deps: UseCaseDeps, job: Job, found: DialectKnobs, actor: string): Promise<Job> {
  const changed = await deps.jobs.update(job.id, {
    dialect: { ...job.dialect, found: { ...job.dialect.found, ...found }, proven: [] },
  });
  await audit(deps, {
    actor,
    activity: 'Update provisioning setting or credentials',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    before: { found: job.dialect.found as JsonObject },
    after: { found: changed.dialect.found as JsonObject },
  });
  return changed;
}
