// A probe under way: how its sessions are opened, what it has found, and the canaries that it has to delete again.
import type { ObjectError } from '../../rules/model/errors.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { DialectKnobs, ResourceType } from '../../rules/model/target.ts';
import type { TargetOptions, TargetSession } from '../ports.ts';

export interface ProbeRow {
  readonly step: string;
  readonly result: 'works' | 'works otherwise' | 'does not work';
  /** The knobs that made it work, or the last refusal. */
  readonly detail: string;
}
export interface Probing {
  open(knobs: DialectKnobs, options?: TargetOptions): TargetSession;
  found: DialectKnobs;
  readonly rows: ProbeRow[];
  readonly made: { readonly type: ResourceType; readonly id: string }[];
}

/** A target that lets nobody create is told by 405 and 501; any other refusal says nothing about the form. */
export async function make(probing: Probing, type: ResourceType, body: JsonObject): Promise<string | null> {
  const step = `create ${type.toLowerCase()}`;
  const answer = await probing.open({}).create(type, body);
  if (answer.ok) {
    probing.made.push({ type, id: answer.value.id });
    probing.rows.push({ step, result: 'works', detail: '' });
    return answer.value.id;
  }
  await noteStrays(probing, type, body);
  const { status } = answer.error;
  const creates = { ...probing.open({}).dialect.creates, [type]: false };
  if (status === 405 || status === 501) probing.found = { ...probing.found, creates };
  probing.rows.push({ step, result: 'does not work', detail: answer.error.message });
  return null;
}

/** A create whose answer was not understood may have been done: what is there is deleted with the others. */
export async function noteStrays(probing: Probing, type: ResourceType, body: JsonObject): Promise<void> {
  const targetPath = type === 'User' ? 'userName' : 'displayName';
  const value = body[targetPath];
  if (typeof value !== 'string') return;
  const found = await probing.open({}).find(type, { targetPath, value, priority: 1 });
  for (const { id } of found.ok ? found.value : []) probing.made.push({ type, id });
}

export const messageOf = ({ message }: ObjectError): string => message;
