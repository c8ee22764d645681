// How commands reach a running engine: where it is, the token, the own CA; and its answers as data or one sentence.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { readSettings } from '../../config/settings.ts';
import type { Settings } from '../../config/settings.ts';
import { CommandFailure, Refusal, exitCodes } from './failure.ts';

export interface Connection {
  /** Parsed body of a success, `null` when it has none. Throws CommandFailure with the engine's own sentence. */
  send(method: Method, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Throws CommandFailure when the URL is none or no token can be found. */
export function connect(url: string | undefined): Connection {
  const settings = readSettings();
  const base = baseUrl(url, settings);
  const token = adminToken(settings);
  const ca = join(settings.PROVISOR_DATA_DIR, 'ca.pem');
  const agent = new Agent(
    base.protocol === 'https:' && existsSync(ca)
      ? { connect: { ca: [...rootCertificates, readFileSync(ca, 'utf8')] } }
      : {},
  );
  return {
    close: () => agent.close(),
    async send(method, path, body) {
      const answer = await request(new URL(path, base), {
        dispatcher: agent,
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      }).catch((error: unknown) => notRunning(base, error));
      return read(answer.statusCode, await answer.body.text(), base);
    },
  };
}

function baseUrl(url: string | undefined, settings: Settings): URL {
  const text = url ?? runningUrl(settings) ?? `http://${reachable(settings.HOST)}:${String(settings.PORT)}`;
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed;
  throw new CommandFailure(`--url '${text}' is no URL like http://127.0.0.1:8080.`, exitCodes.wrongUsage);
}

const running = z.object({ url: z.string(), pid: z.number() });

/** An engine notes where it listens, because it may have taken another port than its default one. */
function runningUrl({ PROVISOR_DATA_DIR: dataDir, given }: Settings): string | null {
  const file = join(dataDir, 'engine.json');
  if (given.has('PORT') || given.has('HOST') || !existsSync(file)) return null;
  const noted = running.safeParse(parse(readFileSync(file, 'utf8')));
  return noted.success && isAlive(noted.data.pid) ? noted.data.url : null;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** What listens on every address is reached on this machine's own. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** Given, or as the first start of the engine made it. */
function adminToken({ PROVISOR_ADMIN_TOKEN: given, PROVISOR_DATA_DIR: dataDir }: Settings): string {
  const file = join(dataDir, 'admin-token');
  if (given !== undefined) return given;
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new CommandFailure(
    `No admin token: ${file} does not exist. Start Provisor once with 'npm start', or set PROVISOR_ADMIN_TOKEN.`,
  );
}

function notRunning(base: URL, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  throw new CommandFailure(
    `Provisor does not answer at ${base.origin} (${code}). Start it with 'npm start', or name a running one with --url.`,
    exitCodes.failed,
    { cause: error },
  );
}

const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    target: z.string().optional(),
    details: z.array(z.object({ target: z.string(), message: z.string() })).optional(),
  }),
});

function read(status: number, text: string, base: URL): unknown {
  const body = parse(text);
  if (status < 300 && body !== undefined) return body;
  const { data } = errorBody.safeParse(body);
  if (data !== undefined) throw new Refusal(`${data.error.message} (${data.error.code})`, data.error);
  throw new CommandFailure(
    `What answers at ${base.origin} (status ${String(status)}) is not Provisor. Name it with --url.`,
  );
}

/** `undefined` when it is no JSON. */
function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
