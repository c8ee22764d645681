// FormatDateTime: reads a date in one format and prints it in another; three arguments are the older form without styles.
import type { Expression } from '../ast.ts';
import type { Call } from '../call.ts';
import { dateTimeOf, textOf } from '../coerce.ts';
import { dateTimeOfDate, fieldsOf } from '../dates/calendar.ts';
import type { DateTimeKind } from '../dates/format.ts';
import { formatDateTime as print } from '../dates/format.ts';
import { parseExact } from '../dates/parse-exact.ts';
import type { DatePattern } from '../dates/pattern.ts';
import { datePattern } from '../dates/pattern.ts';
import type { ParseStyles } from '../dates/styles.ts';
import { stylesOf } from '../dates/styles.ts';
import type { ArgumentProblem, FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import type { DateTime, Value } from '../values.ts';
import { EvaluationFailure, quoted } from '../values.ts';

/** Null for a format that is not given. */
const inputPattern = (value: Value): DatePattern | null => {
  const format = textOf(value);
  return format === null || format === '' ? null : datePattern(format);
};
const outputPattern = (value: Value): DatePattern => datePattern(textOf(value) ?? '');
const styles = (value: Value): ParseStyles => stylesOf(textOf(value));

const source = text('source');
const formats = [
  text('inputFormat', { required: false, reads: inputPattern }),
  text('outputFormat', { reads: outputPattern }),
] as const;

export const formatDateTime: FunctionDefinition = {
  name: 'FormatDateTime',
  summary: 'The date read by the input format and printed by the output format, both .NET format strings.',
  notes: [
    'An error for null and for a text that does not fit the input format.',
    'The input format may be left out when the source is a time already, or a text that CDate can read.',
    'A time with an offset is converted to UTC before it is printed.',
    'dateTimeStyles is a list of names such as AssumeUniversal, AdjustToUniversal; without it, white space at both ends is allowed.',
    'YYYY and DD are no fields but plain letters: write yyyy and dd.',
  ],
  parameters: [source, text('dateTimeStyles', { required: false, reads: styles }), ...formats],
  shortForm: [source, ...formats],
  result: 'String',
  check: tooFew,
  examples: [
    {
      expression: 'FormatDateTime([extensionAttribute1], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")',
      attributes: { extensionAttribute1: '20150123105347.1Z' },
      result: ['2015-01-23'],
    },
    {
      expression: 'FormatDateTime([hireDate], "M/d/yyyy", "yyyy-MM-dd")',
      attributes: { hireDate: '3/16/2020' },
      result: ['2020-03-16'],
    },
    { expression: 'FormatDateTime(DateFromNum(0), , "yyyyMMddHHmmss.0Z")', result: ['16010101000000.0Z'] },
  ],
  evaluate: (call) => {
    const last = call.count - 1;
    const { date, kind } = read(call, last);
    const output = call.prepared(last, outputPattern);
    if (!call.constant(last)) call.spend(output.cost);
    return print(date, output, kind);
  },
};

function tooFew(args: readonly (Expression | null)[]): ArgumentProblem | null {
  if (args.length >= 3) return null;
  return { message: 'FormatDateTime takes (source, dateTimeStyles?, inputFormat, outputFormat): give the formats.' };
}

function read(call: Call, last: number): { readonly date: DateTime; readonly kind: DateTimeKind } {
  const value = call.value(0);
  const pattern = call.prepared(last - 1, inputPattern);
  if (pattern === null) return { date: dateTimeOf(value), kind: 'utc' };
  if (!call.constant(last - 1)) call.spend(pattern.cost);
  const given = textOf(value);
  if (given === null) throw new EvaluationFailure('a date was expected, but there is no value.');
  call.spend(given.length);
  const styled = last === 3 ? call.prepared(1, styles) : stylesOf(null);
  const parsed = parseExact(given, pattern, styled, fieldsOf(dateTimeOfDate(call.scope.now)));
  if (parsed !== null) return parsed;
  throw new EvaluationFailure(`${quoted(given)} does not fit the input format ${quoted(pattern.format)}.`);
}
