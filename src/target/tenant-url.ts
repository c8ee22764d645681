// The tenant URL of an application: whether it may be used, and the addresses of resources below it.
import type { Dialect } from '../rules/model/target.ts';
import { isEntraFlag } from '../rules/scim/dialects.ts';
import { isPrivateAddress } from './private-address.ts';

const parseUrl = (url: string): URL | null => (URL.canParse(url.trim()) ? new URL(url.trim()) : null);

/** `null` when the URL can be used, else one sentence that says why not. `what` names another URL than the tenant's. */
export function checkTenantUrl(url: string, allowPrivate: boolean, what = 'tenant URL'): string | null {
  const parsed = parseUrl(url);
  if (parsed === null) return `The ${what} "${url}" is not a URL: enter one like https://api.contoso.com/scim.`;
  if (parsed.username !== '' || parsed.password !== '') {
    return `The ${what} must not contain a user name or password: enter the secret token as SecretToken.`;
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    return `The ${what} "${url}" must start with https://, not with ${parsed.protocol}//.`;
  }
  if (allowPrivate) return null;
  if (isPrivateHost(parsed.hostname)) {
    return `The ${what} "${url}" is on a private network, which is not allowed here: set PROVISOR_ALLOW_PRIVATE_TARGETS to allow it.`;
  }
  if (parsed.protocol === 'http:')
    return `The ${what} "${url}" must start with https://: a token does not travel unencrypted.`;
  return null;
}

function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isPrivateAddress(host) || host === 'localhost' || /\.(?:localhost|local|internal)$/.test(host);
}

export interface TenantUrl {
  readonly origin: string;
  /** Without a slash at its end. */
  readonly path: string;
  /** Parameters that the tenant URL itself carries, encoded; they go with every request. */
  readonly query: readonly string[];
}

/** `null` when it is not a URL. */
export function readTenantUrl(url: string): TenantUrl | null {
  const parsed = parseUrl(url);
  if (parsed === null) return null;
  const query = parsed.search.slice(1).split('&');
  return {
    origin: parsed.origin,
    path: parsed.pathname.replace(/\/+$/, ''),
    query: query.filter((each) => each !== '' && !isEntraFlag(each)),
  };
}

/** Path and query of a resource or collection; `segments` and parameters are encoded here. */
export function pathBelow(
  base: TenantUrl,
  segments: readonly string[],
  parameters: Readonly<Record<string, string>> = {},
  encoding: Dialect['queryEncoding'] = 'percent',
): string {
  const encode = encoding === 'form' ? formEncoded : encodeURIComponent;
  const own = Object.entries(parameters).map(([name, value]) => `${name}=${encode(value)}`);
  const query = [...base.query, ...own].join('&');
  const path = [base.path, ...segments.map(encodeURIComponent)].join('/');
  return query === '' ? path : `${path}?${query}`;
}

const formEncoded = (value: string): string => encodeURIComponent(value).replaceAll('%20', '+');

/** How messages name the application: without query, where a key might hide. */
export const nameOf = (base: TenantUrl): string => base.origin + base.path;
