// RandomString: a random text that holds the asked number of digits, specials, capitals and small letters.
import type { Call } from '../call.ts';
import { integerOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';
import type { Value } from '../values.ts';
import { EvaluationFailure } from '../values.ts';

const MAX_LENGTH = 256;
const CLASSES = {
  digits: '0123456789',
  specials: '~!@#$%^&*_-+=`|\\(){}[]:;"\'<>,.?/',
  capitals: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  smalls: 'abcdefghijklmnopqrstuvwxyz',
} as const;

export const randomString: FunctionDefinition = {
  name: 'RandomString',
  summary:
    'A random text of this length (at most 256) with at least so many digits, special characters, capitals and small letters.',
  notes: [
    'The minimums may not add up to more than the length; what they leave is filled from digits and letters, and from special characters when some are asked for.',
    'Characters of CharactersToAvoid do not occur.',
    'A new text at each evaluation: map it on create only.',
  ],
  parameters: [
    number('Length', { reads: amountOf }),
    number('MinimumNumbers', { reads: amountOf }),
    number('MinimumSpecialCharacters', { reads: amountOf }),
    number('MinimumCapital', { reads: amountOf }),
    number('MinimumLowerCase', { reads: amountOf }),
    text('CharactersToAvoid', { required: false }),
  ],
  result: 'String',
  examples: [{ expression: 'Count(RandomString(16, 2, 2, 2, 2))', result: ['1'] }],
  evaluate: (call) => {
    const [length = 0, ...minimums] = [0, 1, 2, 3, 4].map((index) => call.prepared(index, amountOf));
    const problem = amountsProblem(length, minimums);
    if (problem !== null) throw new EvaluationFailure(problem);
    call.spend(100 * length);
    const avoid = new Set(call.text(5) ?? '');
    const pools = Object.values(CLASSES).map((pool) => Array.from(pool).filter((char) => !avoid.has(char)));
    const required = pools.flatMap((pool, i) => Array.from({ length: minimums[i] ?? 0 }, () => pick(pool, call)));
    const fill = pools.filter((_, i) => i !== 1 || (minimums[1] ?? 0) > 0).flat();
    const rest = Array.from({ length: length - required.length }, () => pick(fill, call));
    return shuffled([...required, ...rest], call).join('');
  },
};

/** Throws EvaluationFailure for a number that no argument may have. */
function amountOf(value: Value): number {
  const amount = integerOf(value) ?? 0n;
  if (amount >= 0n && amount <= BigInt(MAX_LENGTH)) return Number(amount);
  throw new EvaluationFailure(`${String(amount)} is not a number from 0 to ${String(MAX_LENGTH)}.`);
}

function amountsProblem(length: number, minimums: readonly number[]): string | null {
  const total = minimums.reduce((sum, n) => sum + n, 0);
  if (total <= length) return null;
  return `the minimums add up to ${String(total)}, more than the length ${String(length)}: lower them, or raise the length.`;
}

function pick(pool: readonly string[], call: Call): string {
  const char = pool[Math.floor(call.scope.random() * pool.length)];
  if (char === undefined) throw new EvaluationFailure('the characters to avoid leave none to choose from.');
  return char;
}

// Fisher-Yates, so that the required characters stand anywhere.
function shuffled(chars: readonly string[], call: Call): readonly string[] {
  const mixed = [...chars];
  for (let i = mixed.length - 1; i > 0; i -= 1) {
    const j = Math.floor(call.scope.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] ?? '', mixed[i] ?? ''];
  }
  return mixed;
}
