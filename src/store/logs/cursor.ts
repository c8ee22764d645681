// The cursor of a log: the place of the last entry that was answered. Opaque to callers; it stays right while entries arrive.
import { ConfigError } from '../../rules/model/errors.ts';

export interface Place {
  readonly at: Date;
  readonly id: string;
}

export const cursorAt = ({ at, id }: Place): string => Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');

/** Throws ConfigError for anything that `cursorAt` did not make. */
export function placeOf(cursor: string): Place {
  const [, at, id] = /^(\S+Z) (.+)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  const place = { at: new Date(at ?? Number.NaN), id: id ?? '' };
  if (!Number.isNaN(place.at.getTime())) return place;
  throw new ConfigError(
    'BadRequest',
    'This page token was not given out by this log. Follow @odata.nextLink as it was answered.',
    '$skiptoken',
  );
}
