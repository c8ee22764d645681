// RandomString: a random text that holds the asked number of digits, specials, capitals and small letters.
import { integerOf, textOf } from '../coerce.ts';
import type { Call } from '../function-definition.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';
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
  parameters: [
    number('Length'),
    number('MinimumNumbers'),
    number('MinimumSpecialCharacters'),
    number('MinimumCapital'),
    number('MinimumLowerCase'),
    text('CharactersToAvoid', { required: false }),
  ],
  examples: [{ expression: 'Count(RandomString(16, 2, 2, 2, 2))', result: ['1'] }],
  evaluate: (call) => {
    const length = amount(call, 0);
    const minimums = [amount(call, 1), amount(call, 2), amount(call, 3), amount(call, 4)];
    const total = minimums.reduce((sum, n) => sum + n, 0);
    if (length > MAX_LENGTH || total > length) {
      throw new EvaluationFailure(
        `the length is ${String(length)}: it must be at most ${String(MAX_LENGTH)} and at least the sum of the minimums, ${String(total)}.`,
      );
    }
    const avoid = new Set(textOf(call.value(5)) ?? '');
    const pools = Object.values(CLASSES).map((pool) => Array.from(pool).filter((char) => !avoid.has(char)));
    const required = pools.flatMap((pool, i) => Array.from({ length: minimums[i] ?? 0 }, () => pick(pool, call)));
    const fill = pools.filter((_, i) => i !== 1 || (minimums[1] ?? 0) > 0).flat();
    const rest = Array.from({ length: length - total }, () => pick(fill, call));
    return shuffled([...required, ...rest], call).join('');
  },
};

function amount(call: Call, index: number): number {
  const value = integerOf(call.value(index)) ?? 0n;
  if (value < 0n || value > BigInt(MAX_LENGTH))
    throw new EvaluationFailure(`${String(value)} is not a number from 0 to ${String(MAX_LENGTH)}.`);
  return Number(value);
}

function pick(pool: readonly string[], call: Call): string {
  const char = pool[Math.floor(call.random() * pool.length)];
  if (char === undefined) throw new EvaluationFailure('the characters to avoid leave none to choose from.');
  return char;
}

// Fisher-Yates, so that the required characters stand anywhere.
function shuffled(chars: readonly string[], call: Call): readonly string[] {
  const mixed = [...chars];
  for (let i = mixed.length - 1; i > 0; i -= 1) {
    const j = Math.floor(call.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] ?? '', mixed[i] ?? ''];
  }
  return mixed;
}
