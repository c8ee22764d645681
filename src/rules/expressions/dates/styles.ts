// Names of .NET's DateTimeStyles. The engine runs in UTC, so none of them moves a time.
import type { DateTimeKind } from './format.ts';
import { EvaluationFailure, quoted } from '../values.ts';

export interface ParseStyles {
  readonly leadingWhite: boolean;
  readonly trailingWhite: boolean;
  readonly innerWhite: boolean;
  /** A text that has only a time means 1/1/0001, not today. */
  readonly noCurrentDate: boolean;
  /** What K prints for a text without an offset, and for one with an offset. */
  readonly kind: { readonly plain: DateTimeKind; readonly withOffset: DateTimeKind; readonly zulu: DateTimeKind };
}

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

const roundTrip = { plain: 'unspecified', withOffset: 'local', zulu: 'utc' } as const;
const byDefault: ParseStyles = {
  leadingWhite: true,
  trailingWhite: true,
  innerWhite: false,
  noCurrentDate: false,
  kind: roundTrip,
};

/** Comma-separated names, with or without `DateTimeStyles.`; null: round-trip, white space allowed at both ends. Throws EvaluationFailure. */
export function stylesOf(names: string | null): ParseStyles {
  if (names === null || names.trim() === '') return byDefault;
  const styles = names.split(',').map((name) => name.trim().replace(/^DateTimeStyles\./, ''));
  const unknown = styles.find((style) => !known.some((k) => k === style));
  if (unknown !== undefined) {
    throw new EvaluationFailure(`${quoted(unknown)} is no date and time style: use ${known.join(', ')}.`);
  }
  const has = (style: (typeof known)[number]): boolean => styles.includes(style);
  if (has('AssumeLocal') && has('AssumeUniversal')) {
    throw new EvaluationFailure('AssumeLocal and AssumeUniversal exclude each other: leave one of them out.');
  }
  if (has('RoundtripKind') && (has('AssumeLocal') || has('AssumeUniversal') || has('AdjustToUniversal'))) {
    throw new EvaluationFailure(
      'RoundtripKind excludes AssumeLocal, AssumeUniversal and AdjustToUniversal: leave it out.',
    );
  }
  const white = has('AllowWhiteSpaces');
  return {
    leadingWhite: white || has('AllowLeadingWhite'),
    trailingWhite: white || has('AllowTrailingWhite'),
    innerWhite: white || has('AllowInnerWhite'),
    noCurrentDate: has('NoCurrentDateDefault'),
    kind: kindOf(has('AdjustToUniversal'), has('AssumeLocal') || has('AssumeUniversal'), has('RoundtripKind')),
  };
}

function kindOf(adjusts: boolean, assumes: boolean, roundTrips: boolean): ParseStyles['kind'] {
  if (roundTrips) return roundTrip;
  if (adjusts) return { plain: assumes ? 'utc' : 'unspecified', withOffset: 'utc', zulu: 'utc' };
  return { plain: assumes ? 'local' : 'unspecified', withOffset: 'local', zulu: 'local' };
}
