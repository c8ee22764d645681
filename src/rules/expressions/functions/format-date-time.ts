// FormatDateTime: reads a date in one format and prints it in another; three arguments are the older form without styles.
import { dateTimeOf, textOf } from '../coerce.ts';
import { dateTimeOfDate, fieldsOf } from '../dates/calendar.ts';
import { formatDateTime as print } from '../dates/format.ts';
import { parseExact } from '../dates/parse-exact.ts';
import { stylesOf } from '../dates/styles.ts';
import type { Call } from '../function-definition.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import type { DateTime } from '../values.ts';
import { EvaluationFailure } from '../values.ts';

const source = text('source');
const formats = [text('inputFormat', { required: false }), text('outputFormat')] as const;

export const formatDateTime: FunctionDefinition = {
  name: 'FormatDateTime',
  summary:
    'The date read by the input format and printed by the output format, both .NET format strings; the input format may be left out for a value that is a time already.',
  parameters: [source, text('dateTimeStyles', { required: false }), ...formats],
  shortForm: [source, ...formats],
  check: (args) =>
    args.length >= 3 ? null : 'FormatDateTime needs (source, dateTimeStyles?, inputFormat, outputFormat).',
  examples: [
    {
      expression: 'FormatDateTime([extensionAttribute1], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")',
      attributes: { extensionAttribute1: '20150123105347.1Z' },
      result: ['2015-01-23'],
    },
  ],
  evaluate: (call) => {
    const last = call.count - 1;
    return print(read(call, last), textOf(call.value(last)) ?? '');
  },
};

function read(call: Call, last: number): DateTime {
  const value = call.value(0);
  const format = textOf(call.value(last - 1));
  if (format === null) return dateTimeOf(value);
  const styles = stylesOf(last === 3 ? textOf(call.value(1)) : null);
  const given = textOf(value);
  const date = given === null ? null : parseExact(given, format, styles, fieldsOf(dateTimeOfDate(call.now)));
  if (date !== null) return date;
  throw new EvaluationFailure(
    given === null
      ? 'a date was expected, but there is no value.'
      : `"${given}" does not fit the input format "${format}".`,
  );
}
