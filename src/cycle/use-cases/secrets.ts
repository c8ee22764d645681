// Credentials of a service principal: read masked, replaced as a set, as Graph's clients expect it.
import { ConfigError } from '../../rules/model/errors.ts';
import { wokenBy } from '../../rules/safety/escrow-wakes.ts';
import { unlearned } from '../../rules/scim/dialects.ts';
import { discoverTarget } from '../job-dialect.ts';
import { connectionOf } from '../target-connection.ts';
import { audit } from './audit.ts';
import type { UseCaseDeps } from './deps.ts';
import { evaluateAgain } from './evaluate-again.ts';
import { requireServicePrincipal } from './not-found.ts';
import { checkSecretSet } from './secret-sets.ts';
import { MASK, canonicalKey, checkSecret, isVisible } from './secret-keys.ts';

export interface SecretEntry {
  readonly key: string;
  readonly value: string;
}
type SecretSet = Readonly<Record<string, string>>;

/** Values of secret keys are `*`. Throws ConfigError when nothing is stored and the service principal does not exist. */
export async function readSecrets(deps: UseCaseDeps, servicePrincipalId: string): Promise<readonly SecretEntry[]> {
  const stored = await deps.secrets.get(servicePrincipalId);
  if (Object.keys(stored).length === 0) await requireServicePrincipal(deps, servicePrincipalId);
  return masked(stored);
}

const masked = (secrets: SecretSet): readonly SecretEntry[] =>
  Object.entries(secrets)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value: isVisible(key) ? value : MASK }));

/** Replaces the set: empty values drop a key, `*` keeps what is stored. Throws ConfigError; then nothing was changed. */
export async function putSecrets(
  deps: UseCaseDeps,
  servicePrincipalId: string,
  entries: readonly { readonly key: string; readonly value: string | null }[],
  actor: string,
): Promise<void> {
  await requireServicePrincipal(deps, servicePrincipalId);
  const stored = await deps.secrets.get(servicePrincipalId);
  const secrets = replacedBy(stored, entries);
  for (const [key, value] of Object.entries(secrets)) checkSecret(key, value, deps.checkTenantUrl);
  checkSecretSet(secrets);
  await deps.secrets.replace(servicePrincipalId, secrets);
  if (stored['BaseAddress'] !== secrets['BaseAddress']) await forgetFindings(deps, servicePrincipalId);
  if (changesVerdicts(stored, secrets))
    for (const job of await deps.jobs.list({ servicePrincipalId })) await evaluateAgain(deps, job);
  await wakeEscrows(deps, servicePrincipalId, stored, secrets);
  await audit(deps, {
    actor,
    activity: 'Update provisioning setting or credentials',
    servicePrincipalId,
    before: asRecord(masked(stored)),
    after: asRecord(masked(secrets)),
  });
  const connection = connectionOf(secrets);
  if (connection !== null) await discoverTarget(deps, await deps.jobs.list({ servicePrincipalId }), connection);
}

/** What an application refused may be allowed to other credentials. */
async function wakeEscrows(deps: UseCaseDeps, servicePrincipalId: string, before: SecretSet, after: SecretSet) {
  if (Object.keys({ ...before, ...after }).every((key) => before[key] === after[key])) return;
  for (const { id } of await deps.jobs.list({ servicePrincipalId }))
    await deps.escrows.wake(id, wokenBy('credentials'), deps.clock.now());
}

/** Another scope; or those who left it while nobody was to be deleted for that are due now. */
const changesVerdicts = (before: SecretSet, after: SecretSet): boolean =>
  isTrue(before['SyncAll']) !== isTrue(after['SyncAll']) ||
  (isTrue(before['SkipOutOfScopeDeletions']) && !isTrue(after['SkipOutOfScopeDeletions']));

/** What was found out about one application does not hold for another. */
async function forgetFindings(deps: UseCaseDeps, servicePrincipalId: string): Promise<void> {
  for (const { id, dialect } of await deps.jobs.list({ servicePrincipalId }))
    await deps.jobs.update(id, { dialect: unlearned(dialect) });
}

/** The set that a client's list stands for, `*` filled in from `stored`. Throws ConfigError for a key given twice. */
export function replacedBy(
  stored: SecretSet,
  entries: readonly { readonly key: string; readonly value: string | null }[],
): SecretSet {
  const secrets = new Map<string, string>();
  for (const { key: given, value } of entries) {
    const key = canonicalKey(given);
    if (secrets.has(key)) throw invalid(key, `Key ${key} is given twice. Send each key once.`);
    const kept = value === MASK && !isVisible(key) ? stored[key] : value;
    if (kept === undefined)
      throw invalid(key, `Key ${key} has the value '*', which keeps a stored value, but none is stored.`);
    if (kept !== null && kept !== '') secrets.set(key, kept);
  }
  return Object.fromEntries(secrets);
}

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true';
const invalid = (key: string, message: string): ConfigError => new ConfigError('InvalidSecret', message, key);
const asRecord = (entries: readonly SecretEntry[]): SecretSet =>
  Object.fromEntries(entries.map(({ key, value }) => [key, value]));
