// Random histories: whatever happens to directory, settings, application and process, nothing is taken away without evidence,
// nobody is there twice, no stranger is touched, and once the trouble is over the application is as the oracle says, and
// stays so. As many histories as fit into MODEL_MINUTES (2 unless given) are lived; the seed is printed. For a soak:
//
//   MODEL_MINUTES=60 npx vitest run test/model/histories.test.ts
//
// A failure is shrunk to the shortest history that still fails, and told in sentences, with the MODEL_SEED and MODEL_PATH
// that live it again. What was found so far is in found.test.ts.
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { live, openGround } from './life.ts';
import type { Ground } from './life.ts';
import { histories, told } from './steps.ts';
import type { History } from './steps.ts';

const { MODEL_SEED, MODEL_PATH, MODEL_MINUTES = '2' } = process.env;
const SEED = MODEL_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(MODEL_SEED);
const LIMIT = Number(MODEL_MINUTES) * 60_000;
/** Histories under way at the same time: while one waits for the database, another goes on. */
const LANES = MODEL_PATH === undefined ? 4 : 1;
const LONGEST = 22;

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground.close());

it(
  'invariants 1, 2, 3, 6, 9 and 10: histories of everything that can happen end as the oracle says',
  async () => {
    const lanes = await Promise.all(Array.from({ length: LANES }, (_, lane) => check(SEED + lane)));
    const lived = lanes.reduce((sum, { numRuns }) => sum + numRuns, 0);
    console.log(`${String(lived)} histories were lived with MODEL_SEED=${String(SEED)}.`);
    expect(lanes.flatMap(failure).join('\n\n')).toBe('');
  },
  LIMIT + 120_000,
);

const check = (seed: number) =>
  fc.check(
    fc.asyncProperty(histories(LONGEST), (history) => live(ground, history)),
    {
      seed,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: LIMIT,
      ...(MODEL_PATH === undefined ? {} : { path: MODEL_PATH }),
    },
  );

function failure({ failed, seed, counterexample, counterexamplePath, errorInstance }: fc.RunDetails<[History]>) {
  if (!failed || counterexample === null) return [];
  const again = `MODEL_SEED=${String(seed)} MODEL_PATH=${counterexamplePath}`;
  const [history] = counterexample;
  return [`${String(errorInstance)}\nin this history (${again}):\n${told(history)}\n${JSON.stringify(history)}`];
}
