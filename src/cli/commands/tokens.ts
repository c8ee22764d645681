// provisor tokens: list, create, revoke bearer tokens of a running engine.
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { roles } from '../../rules/model/access.ts';
import type { Role } from '../../rules/model/access.ts';
import { understand } from '../answers.ts';
import type { Connection } from '../connection.ts';
import { CommandFailure } from '../failure.ts';
import { print, printJson } from '../output.ts';
import { renderTable } from '../table.ts';
import { onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

const token = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  prefix: z.string(),
  createdBy: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});
const tokenList = z.object({ value: z.array(token) });
const madeToken = token.extend({ token: z.string() });

export function tokensCommand(): Command {
  const tokens = new Command('tokens').description('access tokens for scripts, dashboards and people');
  withEngine(tokens.command('list').description('all tokens, by what they begin with')).action(
    (options: EngineOptions) => onEngine(options, (c) => list(c, options)),
  );
  withEngine(tokens.command('create <name>').description('create a token; it is printed once and kept nowhere'))
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
    .option('--days <n>', 'it expires after so many days; never = not at all', lifetime, 90)
    .action((name: string, options: CreateOptions) => onEngine(options, (c) => create(c, name, options)));
  withEngine(tokens.command('revoke <token>').description('revoke a token, by id, name or what it begins with')).action(
    (wanted: string, options: EngineOptions) => onEngine(options, (c) => revoke(c, wanted, options)),
  );
  return tokens;
}

async function list(connection: Connection, { json }: EngineOptions): Promise<void> {
  const answer = await connection.send('GET', '/api/tokens');
  if (json) {
    printJson(answer);
    return;
  }
  const { value } = understand(tokenList, answer);
  const rows = value.map((each) => [
    each.prefix,
    each.name,
    each.role,
    each.expiresAt ?? 'never',
    each.lastUsedAt,
    each.createdBy,
    each.id,
  ]);
  if (rows.length === 0) print("No tokens yet. Create one with 'tokens create NAME --role reader'.");
  else print(renderTable(['BEGINS WITH', 'NAME', 'ROLE', 'EXPIRES', 'LAST USED', 'CREATED BY', 'ID'], rows));
}

interface CreateOptions extends EngineOptions {
  readonly role: Role;
  readonly days: Lifetime;
}

const DAY_MS = 86_400_000;

async function create(connection: Connection, name: string, { role, days, json }: CreateOptions): Promise<void> {
  const expiresAt = days === 'never' ? null : new Date(Date.now() + days * DAY_MS).toISOString();
  const answer = await connection.send('POST', '/api/tokens', { name, role, expiresAt });
  if (json) {
    printJson(answer);
    return;
  }
  const made = understand(madeToken, answer);
  process.stderr.write(
    `Token '${made.name}' of role ${made.role} ${made.expiresAt === null ? 'never expires' : `expires ${made.expiresAt}`}. It is shown once; keep it now:\n`,
  );
  print(made.token);
}

type Lifetime = number | 'never';
function lifetime(text: string): Lifetime {
  if (text === 'never') return text;
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("It must be a number of days from 1, or 'never'.");
  return Number(text);
}

async function revoke(connection: Connection, wanted: string, { json }: EngineOptions): Promise<void> {
  const { value } = understand(tokenList, await connection.send('GET', '/api/tokens'));
  const fitting = value.filter(({ id, name, prefix }) => [id, name, prefix].includes(wanted));
  const [found] = fitting;
  if (found === undefined) throw new CommandFailure(`There is no token '${wanted}'. See 'tokens list'.`);
  if (fitting.length > 1)
    throw new CommandFailure(`'${wanted}' fits ${String(fitting.length)} tokens. Give the id, as in 'tokens list'.`);
  await connection.send('DELETE', `/api/tokens/${encodeURIComponent(found.id)}`);
  if (json) printJson({ revoked: found.id });
  else print(`Token '${found.name}' (${found.prefix}…) is revoked.`);
}
