// Does a tenant URL look like the ones that an application hands out? A hint for whoever types it, never a refusal.
import type { Application } from './application.ts';

/** Why it may be wrong, as one sentence; `null` when it fits, or when the application says nothing about its shape. */
export function tenantUrlHint({ gallery, credentials }: Application, url: string): string | null {
  const { patterns, parameters } = credentials.tenantUrl;
  const left = parameters.find(({ name }) => url.includes(`{${name}}`));
  if (left !== undefined) return `The tenant URL still contains {${left.name}}. ${left.help}`;
  if (patterns.length === 0 || patterns.some((pattern) => fits(pattern.url, url))) return null;
  const known = patterns.map((pattern) => pattern.url).join(' or ');
  return `Tenant URLs of ${gallery.displayName} look like ${known}. This one does not: check it, unless it leads to a proxy or a simulator.`;
}

/** Parameters stand for one segment; a slash at the end, and a query with flags, make no difference. */
function fits(pattern: string, url: string): boolean {
  const [address = ''] = url.trim().split(/[?#]/);
  const parts = bare(pattern)
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^/{}]+')}$`, 'i').test(bare(address));
}

const bare = (address: string): string => address.replace(/\/+$/, '');
