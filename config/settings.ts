// All settings in one table: it feeds the parser, `--help`, docs/settings.md and .env.example.
// This file is the only reader of process.env.
import { resolve } from 'node:path';
import { z } from 'zod';
import { roles } from '../src/rules/model/access.ts';
import { mailAddresses } from '../src/rules/notifications/mail-addresses.ts';

interface Setting<T extends z.ZodType> {
  readonly schema: T;
  /** How the default reads for a person. */
  readonly default: string;
  readonly description: string;
  readonly secret?: true;
}
const setting = <T extends z.ZodType>(schema: T, fallback: string, description: string): Setting<T> => ({
  schema,
  default: fallback,
  description,
});
const secret = <T extends z.ZodType>(schema: T, fallback: string, description: string): Setting<T> => ({
  ...setting(schema, fallback, description),
  secret: true,
});

const whole = (least: number, most: number, what: string) =>
  z.coerce.number(what).int(what).min(least, what).max(most, what);
const port = whole(0, 65_535, 'is not a port number from 0 to 65535');
const count = whole(0, 100_000_000, 'is not a whole number from 0');
const text = z.string().min(1);
const list = text.transform((value) => value.split(',').map((part) => part.trim()));
const keyText = z
  .string()
  .refine((v) => Buffer.from(v, 'base64').length === 32, 'must be 32 bytes in base64 (openssl rand -base64 32)');
/** `a=b,c=d` → record. */
const pairs = (value: string): Record<string, string> =>
  Object.fromEntries(
    value.split(',').map((pair) => [pair.replace(/=.*$/, '').trim(), pair.replace(/^[^=]*=?/, '').trim()]),
  );
const OIDC_ROLES = 'Provisor.Admin=admin,Provisor.Operator=operator,Provisor.Reader=reader';
const APP_ROLE = 'is no list like Provisor.Admin=admin with reader, operator or admin on the right';
const url = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `is not a URL like ${example}` });
const onOff = z.enum(['on', 'off'], 'is neither "on" nor "off"').transform((v) => v === 'on');
const words = (v: string): readonly string[] => v.split(/\s+/).filter((word) => word !== '');
const recipients = z.string().transform((v, context) => {
  const addresses = mailAddresses(v);
  if (addresses === null) context.addIssue('is no list of mail addresses, such as admin@contoso.com');
  return addresses ?? [];
});
const webhookUrls = z
  .string()
  .transform(words)
  .refine(
    (all) => all.every((one) => URL.canParse(one) && /^https?:$/.test(new URL(one).protocol)),
    'is no list of URLs like https://hooks.example/provisor, separated by blanks',
  );
const webhookSecrets = z
  .string()
  .transform(words)
  .refine(
    (all) => all.every((one) => /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/.test(one)),
    'is not whsec_ followed by 24 to 64 bytes in base64 (echo "whsec_$(openssl rand -base64 32)")',
  )
  .transform((all) => all.map((one) => Buffer.from(one.slice('whsec_'.length), 'base64')));
/** ISO-8601 duration → seconds. */
const duration = z
  .string()
  .regex(/^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/, 'is not an ISO-8601 duration like PT40M')
  .transform((v) => durationSeconds(v))
  .pipe(z.number().min(1, 'must be at least one second'));

export function durationSeconds(iso: string): number {
  const [, d, h, m, s] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso) ?? [];
  return Number(d ?? 0) * 86_400 + Number(h ?? 0) * 3_600 + Number(m ?? 0) * 60 + Number(s ?? 0);
}

export const settingsTable = {
  PORT: setting(port.default(8080), '8080', 'Port of API and console (http).'),
  HOST: setting(text.default('127.0.0.1'), '127.0.0.1', 'Address that API and console listen on.'),
  TLS_PORT: setting(port.default(8444), '8444', 'The same over https: Graph clients send no token over http.'),
  TLS_CERT: setting(text.optional(), 'own CA', 'PEM file with the certificate chain for TLS_PORT.'),
  TLS_KEY: setting(text.optional(), 'own CA', 'PEM file with the private key for TLS_PORT.'),
  DATABASE_URL: secret(
    url(/^postgres(ql)?$/, 'postgres://user:password@host:5432/provisor').optional(),
    'embedded PostgreSQL',
    'PostgreSQL that keeps all state.',
  ),
  REDIS_URL: secret(
    url(/^rediss?$/, 'redis://host:6379').optional(),
    'BullMQ on PostgreSQL',
    'Redis for the queue; needed only for many workers.',
  ),
  AZURE_TENANT_ID: setting(text.optional(), 'mock Entra', 'Tenant whose users and groups are provisioned.'),
  AZURE_CLIENT_ID: setting(text.optional(), 'mock Entra', 'Application (client) id that reads Microsoft Graph.'),
  AZURE_CLIENT_SECRET: secret(text.optional(), 'mock Entra', 'Its secret.'),
  AZURE_CLIENT_CERTIFICATE_PATH: setting(
    text.optional(),
    'none',
    'PEM file with certificate and key, instead of a secret.',
  ),
  AZURE_FEDERATED_TOKEN_FILE: setting(text.optional(), 'none', 'Token file of workload identity, instead of a secret.'),
  AZURE_AUTHORITY_HOST: setting(
    url(/^https$/, 'https://login.microsoftonline.com').optional(),
    'Microsoft, or the mock',
    'Where tokens come from; always https.',
  ),
  GRAPH_BASE_URL: setting(
    url(/^https$/, 'https://graph.microsoft.com').optional(),
    'https://graph.microsoft.com, or the mock',
    'Where users and groups are read; always https.',
  ),
  NODE_EXTRA_CA_CERTS: setting(
    text.optional(),
    'none',
    'PEM file with further certificate authorities to trust, for a mock Entra that has a data directory of its own.',
  ),
  MOCK_ENTRA_PORT: setting(port.default(8443), '8443', 'Port of the mock Entra, used when no directory is set.'),
  MOCK_ENTRA_USERS: setting(count.default(1000), '1000', 'Users of its demo tenant.'),
  MOCK_ENTRA_GROUPS: setting(count.default(50), '50', 'Groups of its demo tenant.'),
  PROVISOR_DEMO: setting(
    onOff.optional(),
    'on without a directory',
    'off: mock Entra without demo applications and jobs.',
  ),
  PROVISOR_DATA_DIR: setting(
    text.default('.provisor').transform((p) => resolve(p)),
    '.provisor',
    'Embedded state, keys, and the CA of mock and API (ca.pem).',
  ),
  PROVISOR_ADMIN_TOKEN: secret(
    z.string().min(16, 'must have at least 16 characters').optional(),
    'made at first start, kept in the data directory',
    'Bearer token of role admin.',
  ),
  PROVISOR_TRUSTED_PROXIES: setting(
    list.optional(),
    'none',
    'Reverse proxies, by address or network, whose X-Forwarded headers are believed; with commas between them.',
  ),
  PROVISOR_OIDC_ISSUER: setting(
    url(/^https$/, 'https://login.microsoftonline.com/<tenant>/v2.0').optional(),
    'no sign-in of people',
    'OpenID provider where people sign in to the console.',
  ),
  PROVISOR_OIDC_CLIENT_ID: setting(text.optional(), 'none', 'Application (client) id of Provisor there.'),
  PROVISOR_OIDC_CLIENT_SECRET: secret(text.optional(), 'none', 'Its secret.'),
  PROVISOR_OIDC_ROLES: setting(
    text
      .default(OIDC_ROLES)
      .transform(pairs)
      .pipe(z.record(z.string(), z.enum(roles, APP_ROLE))),
    'Provisor.Admin, Provisor.Operator, Provisor.Reader',
    'App roles of the claim "roles" and what they are here, as in Provisor.Admin=admin,Helpdesk=operator.',
  ),
  PROVISOR_SIGN_IN_FAILURES: setting(
    whole(1, 1_000_000, 'is not a whole number from 1').default(50),
    '50',
    'Wrong tokens that one address may send in a minute before it has to wait.',
  ),
  PROVISOR_SESSION_IDLE: setting(
    duration.default(3600),
    'PT1H',
    'A session of the console ends after so long without a request (ISO-8601).',
  ),
  PROVISOR_SESSION_LONGEST: setting(
    duration.default(43_200),
    'PT12H',
    'A session of the console ends after so long, whatever is done (ISO-8601).',
  ),
  PROVISOR_SECRET_KEY: secret(
    keyText.optional(),
    'made at first start, kept in the data directory',
    'Key that encrypts secrets at rest: 32 bytes in base64.',
  ),
  PROVISOR_SECRET_KEY_PREVIOUS: secret(
    list.pipe(z.array(keyText)).optional(),
    'none',
    'Keys that open secrets as well, with commas between them; see secrets rotate-key.',
  ),
  PROVISOR_CYCLE_INTERVAL: setting(
    duration.default(2400),
    'PT40M',
    'From start to start of two cycles of a job (ISO-8601).',
  ),
  PROVISOR_TARGET_CONCURRENCY: setting(
    whole(1, 1000, 'is not a whole number from 1 to 1000').default(16),
    '16',
    'Requests in flight against one target, per worker process.',
  ),
  PROVISOR_ALLOW_PRIVATE_TARGETS: setting(
    onOff.optional(),
    'on with the mock, else off',
    'Whether tenant URLs may point to loopback and private networks.',
  ),
  PROVISOR_METRICS_PORT: setting(
    port.optional(),
    'off',
    'Port on HOST where a scheduler or worker shows its metrics, without authentication: keep it inside your network. The API shows its own at /metrics.',
  ),
  SMTP_URL: secret(
    url(/^smtps?$/, 'smtp://user:password@mail.example:587').optional(),
    'no mail',
    'Mail server for notifications: smtp (STARTTLS; `?tls=required` or `?tls=never`) or smtps.',
  ),
  PROVISOR_MAIL_FROM: setting(
    z
      .string()
      .regex(/^([^<>"]*<)?[^\s@<>]+@[^\s@<>]+>?$/, 'is not a sender like Provisor <provisor@contoso.com>')
      .optional(),
    'none',
    'Sender of notifications; needed with SMTP_URL.',
  ),
  PROVISOR_MAIL_TO: setting(
    recipients.default([]),
    'nobody',
    'Who gets mail about jobs that name nobody themselves; addresses separated by commas.',
  ),
  PROVISOR_WEBHOOK_URLS: secret(
    webhookUrls.default([]),
    'no webhooks',
    'Where notifications are posted to, signed; URLs separated by blanks.',
  ),
  PROVISOR_WEBHOOK_SECRET: secret(
    webhookSecrets.default([]),
    'none',
    'Key of the signatures, `whsec_` and 24 to 64 bytes in base64; several, separated by blanks, while one is replaced.',
  ),
  PROVISOR_PUBLIC_URL: setting(
    url(/^https?$/, 'https://provisor.example')
      .transform((address) => address.replace(/\/+$/, ''))
      .optional(),
    'no links',
    'Where people reach Provisor, for links in notifications.',
  ),
  PROVISOR_LOG_LEVEL: setting(
    z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], 'is not one of debug, info, warn, error, silent')
      .default('info'),
    'info',
    'How much is logged, as JSON lines on stderr.',
  ),
} as const satisfies Record<string, Setting<z.ZodType>>;

export type SettingName = keyof typeof settingsTable;
export type Settings = { readonly [K in SettingName]: z.output<(typeof settingsTable)[K]['schema']> } & {
  /** What was set by hand: a taken default port may be replaced by a free one, a chosen port may not. */
  readonly given: ReadonlySet<SettingName>;
};

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Parses the environment; throws SettingsError with one line per wrong setting. Empty counts as unset. */
export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const wrong: string[] = [];
  const entries = Object.entries(settingsTable).map(([name, setting]) => {
    const given = env[name] === '' ? undefined : env[name];
    const parsed = setting.schema.safeParse(given);
    // A secret is not repeated, not even a wrong one.
    const value = 'secret' in setting ? 'its value' : `"${given ?? ''}"`;
    if (!parsed.success) wrong.push(`${name}: ${value} ${parsed.error.issues[0]?.message ?? 'is not valid'}.`);
    return [name, parsed.data];
  });
  const names = Object.keys(settingsTable) as SettingName[];
  const given = new Set(names.filter((name) => (env[name] ?? '') !== ''));
  const settings = { ...Object.fromEntries(entries), given } as Settings;
  if (wrong.length === 0) wrong.push(...conflicts(settings));
  if (wrong.length > 0) throw new SettingsError(wrong.join('\n'));
  return settings;
}

function conflicts(s: Settings): readonly string[] {
  const wrong: string[] = [];
  if ((s.TLS_CERT === undefined) !== (s.TLS_KEY === undefined))
    wrong.push('TLS_CERT and TLS_KEY belong together: set both, or neither to use the own CA.');
  if (s.AZURE_TENANT_ID !== undefined && s.AZURE_CLIENT_ID === undefined && s.AZURE_CLIENT_SECRET !== undefined)
    wrong.push('AZURE_CLIENT_ID: is missing although AZURE_CLIENT_SECRET is set.');
  const signIn = [s.PROVISOR_OIDC_ISSUER, s.PROVISOR_OIDC_CLIENT_ID, s.PROVISOR_OIDC_CLIENT_SECRET];
  if (signIn.includes(undefined) && signIn.some((value) => value !== undefined))
    wrong.push(
      'PROVISOR_OIDC_ISSUER, PROVISOR_OIDC_CLIENT_ID and PROVISOR_OIDC_CLIENT_SECRET belong together: set all or none.',
    );
  if (s.SMTP_URL !== undefined && s.PROVISOR_MAIL_FROM === undefined)
    wrong.push('PROVISOR_MAIL_FROM: is missing although SMTP_URL is set.');
  if (s.PROVISOR_WEBHOOK_URLS.length > 0 && s.PROVISOR_WEBHOOK_SECRET.length === 0)
    wrong.push('PROVISOR_WEBHOOK_SECRET: is missing although PROVISOR_WEBHOOK_URLS is set.');
  return wrong;
}

/** The environment as it is, for what people name by themselves: variables that hold the secrets of a document. */
export const environmentVariable: Readonly<Record<string, string | undefined>> = process.env;

/** True when no directory was named: the mock Entra stands in for the tenant. */
export const usesMock = (s: Settings): boolean => s.AZURE_TENANT_ID === undefined && s.GRAPH_BASE_URL === undefined;
