// Names of .NET's DateTimeStyles. The engine runs in UTC, so of all styles only the white space ones change a result.
import { EvaluationFailure } from '../values.ts';
import type { ParseStyles } from './parse-exact.ts';

const known = [
  'None',
  'AllowLeadingWhite',
  'AllowTrailingWhite',
  'AllowInnerWhite',
  'AllowWhiteSpaces',
  'NoCurrentDateDefault',
  'AdjustToUniversal',
  'AssumeLocal',
  'AssumeUniversal',
  'RoundtripKind',
] as const;

/** Comma-separated names, with or without `DateTimeStyles.`; null allows white space at both ends. Throws EvaluationFailure. */
export function stylesOf(names: string | null): ParseStyles {
  if (names === null || names.trim() === '') return { leadingWhite: true, trailingWhite: true, innerWhite: false };
  const styles = names.split(',').map((name) => name.trim().replace(/^DateTimeStyles\./, ''));
  const unknown = styles.find((style) => !known.some((k) => k === style));
  if (unknown !== undefined)
    throw new EvaluationFailure(`"${unknown}" is no date and time style: use ${known.join(', ')}.`);
  const all = styles.includes('AllowWhiteSpaces');
  return {
    leadingWhite: all || styles.includes('AllowLeadingWhite'),
    trailingWhite: all || styles.includes('AllowTrailingWhite'),
    innerWhite: all || styles.includes('AllowInnerWhite'),
  };
}
