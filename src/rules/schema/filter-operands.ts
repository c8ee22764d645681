// What a clause compares with: a text, a number, a pattern, a date or the id of an object, by its operator and attribute.
import { wholeNumber } from '../expressions/coerce.ts';
import { regexOf } from '../expressions/regex.ts';
import type { AttributeType } from '../model/schema.ts';
import { dateOperandOf } from '../scoping/date-operand.ts';
import type { FilterOperator } from './filter-operators.ts';
import type { FilterSubject } from './filter-subjects.ts';
import type { AttributeFacts } from './source-facts.ts';

export interface Problem {
  readonly message: string;
  readonly remedy: string;
}

/** `null`: the value can be compared with. */
export function operandProblem(
  value: string,
  operator: FilterOperator,
  subject: FilterSubject | null,
  facts: AttributeFacts | undefined,
): Problem | null {
  if (value === '')
    return { message: `${operator.name} is given an empty value.`, remedy: 'Use IS NULL to test for one.' };
  if (subject?.operand === 'id') return idProblem(value);
  return problems[subject?.operand === 'date' ? 'date' : operator.value](value, operator.name, facts?.type);
}

type Check = (value: string, operator: string, type: AttributeType | undefined) => Problem | null;
const problems: Readonly<Record<FilterOperator['value'], Check>> = {
  none: () => null,
  text: (value, _, type) => (type === 'Integer' ? numberProblem(value) : null),
  pattern: (value) => patternProblem(value),
  natural: (value, operator) => naturalProblem(operator, value),
  bits: (value, operator, type) => (type === 'String' ? null : naturalProblem(operator, value)),
  date: (value) => dateProblem(value),
};

const idProblem = (value: string): Problem | null =>
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    ? null
    : {
        message: `"${value}" is no object id.`,
        remedy: 'Give the object id from the directory, such as 3f2a8c1e-0d2f-4a8c-9d5f-3f0f6b6d1b11, not a name.',
      };

function dateProblem(value: string): Problem | null {
  const read = dateOperandOf(value);
  if (read.ok) return null;
  return {
    message: `${read.message}.`.replace(/\.\.$/, '.'),
    remedy: 'Give a date such as 2026-03-01, or an expression such as DateAdd("d", 14, Now()).',
  };
}

function patternProblem(value: string): Problem | null {
  const regex = regexOf(value);
  if (regex.ok) return null;
  return {
    message: regex.message,
    remedy: 'Correct the pattern. What it is to exclude can be a clause of its own with NOT REGEX MATCH.',
  };
}

function naturalProblem(name: string, value: string): Problem | null {
  const number = wholeNumber(value);
  if (number !== null && number >= 0n) return null;
  return { message: `${name} needs a whole number from 0, but the value is "${value}".`, remedy: 'Give digits only.' };
}

const numberProblem = (value: string): Problem | null =>
  wholeNumber(value) !== null
    ? null
    : {
        message: `The attribute holds whole numbers, but the value to compare with is "${value}".`,
        remedy: 'Give a whole number.',
      };
