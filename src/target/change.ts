// Changes a resource; where the target does not understand the form, or takes it and does nothing, in another one.
// A form is looked at once per job, and another one is kept only after it was seen to work.
import type { ObjectError } from '../rules/model/errors.ts';
import type { PatchOperation, TargetResource } from '../rules/model/target.ts';
import { withoutEffect } from '../rules/scim/effect.ts';
import { alternatives, formsOf, refusalOf } from '../rules/scim/fallback.ts';
import { isRoleText } from '../rules/scim/role-form.ts';
import { removedMember } from '../rules/scim/wire-form.ts';
import type { Answer } from './answer.ts';
import { refused } from './answer.ts';
import { incompatible } from './connection.ts';
import { read } from './resource.ts';
import { sendChange } from './send-change.ts';
import type { Change } from './send-change.ts';
import { askForHints, learned, speaking } from './talk.ts';
import type { Talk } from './talk.ts';

type Changed = Answer<TargetResource | null>;

export async function change(talk: Talk, what: Change): Promise<Changed> {
  if (what.operations.length === 0) return { ok: true, value: null };
  const answer = await sendChange(talk, what);
  if (talk.learn === null) return answer;
  return answer.ok ? lookedAt(talk, what, answer) : otherwise(talk, what, answer);
}

/** The first alternative that is taken and has its effect is kept; else the refusal stands as it came. */
async function otherwise(
  talk: Talk,
  what: Change,
  refusal: { readonly ok: false; readonly error: ObjectError },
): Promise<Changed> {
  const kind = refusalOf(refusal.error);
  const found = await tryOthers(talk, what, kind, refusal.error.message);
  const removes = what.operations.some((operation) => removedMember(operation) !== null);
  return found ?? (kind === 'form' && removes ? refused(advised(refusal.error)) : refusal);
}

async function tryOthers(
  talk: Talk,
  what: Change,
  refusal: ReturnType<typeof refusalOf>,
  because: string,
): Promise<Changed | null> {
  if (refusal === 'none') return null;
  await askForHints(talk);
  for (const knobs of alternatives(talk.dialect, what.type, what.operations, refusal)) {
    const name = JSON.stringify(knobs);
    if (talk.tried.has(name)) continue;
    const other = speaking(talk, knobs);
    const answer = await sendChange(other, what);
    const shows = answer.ok && (await effectOf(other, what, answer.value)).length === 0;
    if (!shows) {
      talk.tried.add(name);
      continue;
    }
    const proven = formsOf(other.dialect, what.type, what.operations);
    for (const form of proven) talk.looked.add(form);
    await learned(talk, { knobs, proven, why: because });
    return answer;
  }
  return null;
}

/** A form that is used for the first time is read back: servers are known that answer 204 and do nothing. */
async function lookedAt(talk: Talk, what: Change, answer: Extract<Changed, { ok: true }>): Promise<Changed> {
  const forms = formsOf(talk.dialect, what.type, what.operations);
  const news = forms.filter((form) => !talk.looked.has(form));
  if (news.length === 0) return answer;
  for (const form of news) talk.looked.add(form);
  const idle = await effectOf(talk, what, answer.value);
  if (idle.length > 0) {
    const because = `the application answered that it had done so, but ${wordsFor(idle)} did not change`;
    const found = await tryOthers(talk, { ...what, operations: idle }, 'unsaid', because);
    if (found !== null) return found;
    if (idle.some((operation) => removedMember(operation) !== null)) return refused(stillThere(what, because));
  }
  await learned(talk, { knobs: {}, proven: news, why: 'seen to take effect' });
  return answer;
}

/** The operations of which nothing is to be seen; none where it cannot be seen. */
async function effectOf(
  talk: Talk,
  { type, id, operations: sent }: Change,
  answered: TargetResource | null,
): Promise<readonly PatchOperation[]> {
  const operations = sent.filter((operation) => !isRoleText(talk.dialect, operation));
  if (operations.length === 0) return [];
  if (answered !== null && withoutEffect(answered.attributes, operations).length === 0 && type === 'User') return [];
  const after = await read(talk, type, id);
  return after.ok ? withoutEffect(after.value.resource.attributes, operations) : [];
}

const wordsFor = (operations: readonly PatchOperation[]): string =>
  [...new Set(operations.map(({ path = 'the resource' }) => path))].slice(0, 3).join(', ');

/** Other forms of removal are tried on a canary group only. */
const advised = (error: ObjectError): ObjectError => ({
  ...error,
  message: `${error.message}. Run a probe of the job: it finds out which form of removal the application understands.`,
});

/** The one thing that must not pass for done: somebody who should have lost access has not. */
const stillThere = ({ type, id }: Change, because: string): ObjectError =>
  incompatible(`change ${type.toLowerCase()} ${id}`, `${because}; run a probe of the job to find a form that works`);
