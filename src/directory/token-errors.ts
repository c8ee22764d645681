// What a failure to get a token means: a network that may come back, or a setting that is wrong (and which one).
import { SystemError } from '../rules/model/errors.ts';
import { lost } from './errors.ts';

export interface TokenFailure {
  readonly transient: boolean;
  readonly error: SystemError;
}

/** AADSTS number → the setting to look at. */
const settings: ReadonlyMap<string, string> = new Map([
  ['7000215', 'AZURE_CLIENT_SECRET (it is not valid)'],
  ['7000222', 'AZURE_CLIENT_SECRET (it has expired)'],
  ['7000216', 'AZURE_CLIENT_SECRET (it is missing)'],
  ['700016', 'AZURE_CLIENT_ID (the tenant does not know this application)'],
  ['7000112', 'AZURE_CLIENT_ID (this application is disabled)'],
  ['700027', 'AZURE_CLIENT_CERTIFICATE_PATH (its certificate is not registered with the application)'],
  ['700021', 'AZURE_FEDERATED_TOKEN_FILE (its token is not accepted)'],
  ['70021', 'AZURE_FEDERATED_TOKEN_FILE (no federated credential of the application fits its token)'],
  ['700211', 'AZURE_FEDERATED_TOKEN_FILE (no federated credential has its issuer)'],
  ['700212', 'AZURE_FEDERATED_TOKEN_FILE (no federated credential has its audience)'],
  ['700213', 'AZURE_FEDERATED_TOKEN_FILE (no federated credential has its subject)'],
  [
    '700024',
    'AZURE_FEDERATED_TOKEN_FILE or AZURE_CLIENT_CERTIFICATE_PATH (outside its time of validity; check the clock)',
  ],
  ['90002', 'AZURE_TENANT_ID (there is no such tenant at this authority)'],
  ['900023', 'AZURE_TENANT_ID (it is neither a GUID nor a domain name)'],
  ['50059', 'AZURE_TENANT_ID (it names no tenant)'],
  ['500011', 'GRAPH_BASE_URL (the tenant does not know this resource)'],
  ['1002012', 'GRAPH_BASE_URL (its scope is not accepted)'],
  ['70011', 'GRAPH_BASE_URL (its scope is not accepted)'],
]);
/** The authority asks to try again. */
const transientNumbers: ReadonlySet<string> = new Set(['90033', '90055', '50196']);
const network =
  /endpoints_resolution_error|network_error|ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|socket|timed? ?out/i;

const firstLine = (text: string): string => (text.split(/[\r\n]/, 1)[0] ?? '').slice(0, 400).replace(/\.$/, '');

/** Names of errors of @azure/identity hide the cause; their messages carry MSAL's code or the AADSTS number. */
export function tokenFailure(error: unknown): TokenFailure {
  if (error instanceof SystemError) return { transient: error.code === 'DirectoryUnreachable', error };
  const text = error instanceof Error ? error.message : String(error);
  const number = /AADSTS(\d+)/.exec(text)?.[1];
  if (number !== undefined && !transientNumbers.has(number))
    return { transient: false, error: wrongSetting(number, text) };
  if (number !== undefined || network.test(text)) {
    const happened = `No token could be had from the authority: ${firstLine(text)}`;
    return { transient: true, error: lost('DirectoryUnreachable', happened, error) };
  }
  const happened = `No token could be had with the configured credentials: ${firstLine(text)}`;
  return { transient: false, error: lost('DirectoryInvalidCredentials', happened, error) };
}

function wrongSetting(number: string, text: string): SystemError {
  const setting = settings.get(number);
  const hint = setting === undefined ? '' : `; the setting to check is ${setting}`;
  return lost('DirectoryInvalidCredentials', `The authority refused a token: ${firstLine(text)}${hint}`);
}
