// Steps of a probe about many accounts at once: pages of a list, and bulk requests.
import type { ListedPage } from '../../rules/matching/listing.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { Dialect } from '../../rules/model/target.ts';
import { withKnobs } from '../../rules/scim/dialects.ts';
import { hintsOf } from '../../rules/scim/hints.ts';
import { messageOf, noteStrays } from './probing.ts';
import type { Probing } from './probing.ts';

/** Pages of one: whoever shows the same account again never comes to an end, unless everything is on the first. */
export async function pages(probing: Probing): Promise<void> {
  const session = probing.open({ pageSize: 1 });
  if (session.dialect.paging !== 'index') return;
  const first = await session.list('User', '1');
  const second = await session.list('User', '2');
  const problem = !first.ok
    ? messageOf(first.error)
    : !second.ok
      ? messageOf(second.error)
      : misses(first.value, second.value);
  if (problem !== null) probing.found = { ...probing.found, paging: 'none' };
  const result = problem === null ? 'works' : 'does not work';
  probing.rows.push({ step: 'list page by page', result, detail: problem ?? '' });
}

function misses(first: ListedPage, second: ListedPage): string | null {
  if (first.resources.length >= first.total && first.resources.length > 1) return null;
  const [one, other] = [first.resources[0]?.id, second.resources[0]?.id];
  const goesOn = one !== undefined && other !== undefined && one !== other;
  return goesOn ? null : 'the second page does not go on from the first';
}

/** Where the application says that it takes several writes at once. Entra's own client never sends them. */
export async function bulk(probing: Probing, spoken: Dialect, bodies: readonly JsonObject[]): Promise<void> {
  const { claims } = withKnobs(spoken, hintsOf(await probing.open({}).discover(), spoken, {}));
  if (claims.bulk === null || spoken.name !== 'rfc') return;
  const refusals: string[] = [];
  const session = probing.open({ bulk: claims.bulk }, { learn: ({ why }) => Promise.resolve(void refusals.push(why)) });
  const answers = await Promise.all(bodies.map((body) => session.create('User', body)));
  for (const [index, answer] of answers.entries()) {
    if (answer.ok) probing.made.push({ type: 'User', id: answer.value.id });
    else {
      refusals.push(answer.error.message);
      await noteStrays(probing, 'User', bodies[index] ?? {});
    }
  }
  const [refusal] = refusals;
  if (refusal === undefined && spoken.bulk === null) probing.found = { ...probing.found, bulk: claims.bulk };
  const result = refusal === undefined ? 'works' : 'does not work';
  probing.rows.push({ step: 'write several at once', result, detail: refusal ?? '' });
}
