// The three dialects, and which one a job speaks: a setting before the tenant URL before the template, and what was
// found out about the target on top.
import type { JsonObject } from '../model/json.ts';
import { dialectNames, noDialect, rfcDialect } from '../model/target.ts';
import type { Dialect, DialectKnobs, DialectName, JobDialect } from '../model/target.ts';
import { sameJson } from './same-json.ts';

const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** Marks a group in the bodies of Entra's client. */
const ENTRA_GROUP = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

const entra: Dialect = {
  ...rfcDialect,
  name: 'entra',
  queryEncoding: 'form',
  create: {
    meta: true,
    extensions: { User: [ENTERPRISE_USER], Group: [ENTRA_GROUP] },
    roles: 'always',
    primaryEmail: true,
  },
  opCase: 'capital',
  booleans: 'text',
  pathBooleans: 'text',
  elementForm: 'path',
  roles: 'text',
  memberRemoval: 'value',
  membersReadable: false,
  reference: 'null-ref',
  managerForm: 'text',
};

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  rfc: rfcDialect,
  entra,
  'entra-062020': {
    ...entra,
    name: 'entra-062020',
    opCase: 'lower',
    booleans: 'json',
    patchForm: 'grouped',
    roles: 'objects',
    memberRemoval: 'filter',
  },
};

/** Name of the job setting that overrides template and tenant URL. */
export const DIALECT_SETTING = 'ScimDialect';

/** Entra's switch for its own client, a parameter of the tenant URL that means nothing to the application. */
const ENTRA_FLAG = 'aadoptscim062020';
export const isEntraFlag = (parameter: string): boolean => parameter.split('=')[0]?.trim().toLowerCase() === ENTRA_FLAG;

const flagged = (tenantUrl: string): boolean => {
  const [, query = ''] = /\?([^#]*)/.exec(tenantUrl) ?? [];
  return query.split('&').some(isEntraFlag);
};

/** The name as dialects are named, whatever its case; `null` for another text. */
export const dialectNamed = (text: string): DialectName | null =>
  dialectNames.find((name) => name === text.trim().toLowerCase()) ?? null;

/** A template without a name leaves it to the tenant URL. */
export const dialectOfTemplate = ({ name, ...knobs }: Partial<Dialect>): JobDialect => ({
  ...noDialect,
  name: name ?? null,
  knobs,
});

export interface DialectSources {
  readonly dialect: JobDialect;
  readonly settings: Readonly<Record<string, string>>;
  readonly tenantUrl: string;
}

export function dialectFor({ dialect, settings, tenantUrl }: DialectSources): Dialect {
  const chosen = dialectNamed(settings[DIALECT_SETTING] ?? '') ?? (flagged(tenantUrl) ? 'entra-062020' : dialect.name);
  return withKnobs(withKnobs(dialects[chosen ?? 'rfc'], dialect.knobs), dialect.found);
}

/** Records of both types are merged by type, everything else is replaced. */
export function withKnobs(dialect: Dialect, knobs: DialectKnobs): Dialect {
  const { update, filterable, creates, create } = dialect;
  return {
    ...dialect,
    ...knobs,
    update: { ...update, ...knobs.update },
    filterable: { ...filterable, ...knobs.filterable },
    creates: { ...creates, ...knobs.creates },
    create: { ...create, ...knobs.create },
  };
}

/** What was found before and now; `news` when a knob says something else than before. */
export function mergeFound(
  dialect: JobDialect,
  { knobs, proven }: Pick<JobDialect, 'proven' | 'knobs'>,
): { readonly merged: JobDialect; readonly news: boolean } {
  const found: DialectKnobs = { ...dialect.found, ...knobs };
  const merged = { ...dialect, found, proven: [...new Set([...dialect.proven, ...proven])].toSorted() };
  return { merged, news: !sameJson(found as JsonObject, dialect.found as JsonObject) };
}

/** Without what was found out: another application, or another dialect to begin with. */
export const unlearned = (dialect: JobDialect): JobDialect => ({ ...dialect, found: {}, proven: [] });
