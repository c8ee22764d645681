// OData's query options as Graph takes them: with and without the dollar sign, each at most once.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ConfigError } from '../../rules/model/errors.ts';

const known = ['filter', 'select', 'top', 'skip', 'skiptoken', 'orderby', 'count', 'format'] as const;
export type QueryOption = (typeof known)[number];
/** Without them the answer would be another one than was asked for; other APIs use the bare words for options of theirs. */
const unsupported = ['search', 'apply', 'expand', 'compute', 'deltatoken'] as const;
const LARGEST_NUMBER = 1_000_000_000;

export type QueryOptions = Readonly<Partial<Record<QueryOption, string>>>;

/** Throws ConfigError that names the option. Options that OData does not know are left to their owners. */
export function queryOptions(request: FastifyRequest): QueryOptions {
  const given = request.query as Readonly<Record<string, unknown>>;
  for (const name of unsupported)
    if (given[`$${name}`] !== undefined)
      throw new ConfigError(
        'Request_UnsupportedQuery',
        `$${name} is not supported here. Use ${known.map((each) => `$${each}`).join(', ')}.`,
        `$${name}`,
      );
  return Object.fromEntries(
    known.flatMap((name) => {
      const text = textOption(given, name);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function textOption(options: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const given = options[`$${name}`] ?? options[name];
  if (given === undefined || given === '') return undefined;
  if (typeof given === 'string') return given;
  throw new ConfigError(
    'Request_BadRequest',
    `Query option $${name} is given more than once. Give it once.`,
    `$${name}`,
  );
}

/** Throws ConfigError for what is no whole number from `least` to `most`. */
export function numberOption(
  options: QueryOptions,
  name: 'top' | 'skip' | 'skiptoken',
  least: number,
  most = LARGEST_NUMBER,
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return number;
  throw new ConfigError(
    'Request_BadRequest',
    `$${name} is '${text}': use a whole number from ${String(least)} to ${String(most)}.`,
    `$${name}`,
  );
}

/** `$count=true`. Throws ConfigError. */
export function wantsCount({ count }: QueryOptions): boolean {
  if (count === undefined || /^false$/i.test(count)) return false;
  if (/^true$/i.test(count)) return true;
  throw new ConfigError('Request_BadRequest', `$count is '${count}': use true or false.`, '$count');
}

const described = (text: string) => z.string().optional().describe(text);

/** Options of a list, for the API's description. */
export const listQuery = z.object({
  $filter: described("Such as startswith(id,'scim') and schedule/state eq 'Active'; names in any case."),
  $orderby: described('Properties, each with asc or desc.'),
  $select: described('Properties to answer with.'),
  $top: described('Most items of one answer.'),
  $skip: described('Items to leave out at the beginning.'),
  $skiptoken: described('From @odata.nextLink.'),
  $count: described('true: the number of items that match, without paging.'),
});

/** Options of a single resource, for the API's description. */
export const entityQuery = listQuery.pick({ $select: true });
