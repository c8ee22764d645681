// Knobs of a dialect as somebody sent them: each must be one that exists, with a value of its kind.
import { ConfigError } from '../model/errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { rfcDialect } from '../model/target.ts';
import type { DialectKnobs } from '../model/target.ts';
import { isJsonObject } from './read-path.ts';

const choices: Readonly<Record<string, readonly Json[]>> = {
  queryEncoding: ['percent', 'form'],
  opCase: ['lower', 'capital'],
  booleans: ['json', 'text'],
  pathBooleans: ['json', 'text'],
  patchForm: ['path', 'grouped', 'pathless'],
  elementForm: ['whole', 'path'],
  roles: ['objects', 'text'],
  memberRemoval: ['filter', 'value'],
  memberWrite: ['change', 'replace'],
  reference: ['value-only', 'null-ref', 'ref'],
  managerForm: ['object', 'text', 'list'],
  paging: ['index', 'cursor', 'none'],
};
const LIMITS = ['maxOperations', 'maxPayloadBytes'];
const isLimits = (value: Json | undefined): boolean =>
  value === null || (isJsonObject(value) && LIMITS.every((limit) => isCount(value[limit])));
const isCount = (value: Json | undefined): boolean => typeof value === 'number' && Number.isInteger(value) && value > 0;
const structures: Readonly<Record<string, (value: Json) => boolean>> = {
  bulk: isLimits,
  claims: (value) =>
    isJsonObject(value) &&
    isLimits(value['bulk']) &&
    ['etag', 'groups', 'patch'].every((claim) => typeof value[claim] === 'boolean'),
};
const byType: Readonly<Record<string, (value: Json) => boolean>> = {
  update: (value) => value === 'patch' || value === 'put',
  creates: (value) => typeof value === 'boolean',
  filterable: (value) => value === null || (Array.isArray(value) && value.every((one) => typeof one === 'string')),
};

/** Throws ConfigError that names the knob. */
export function readKnobs(given: JsonObject): DialectKnobs {
  for (const [name, value] of Object.entries(given)) {
    if (name === 'name' || !Object.hasOwn(rfcDialect, name)) throw wrong(name, 'there is no such knob of a dialect');
    if (!fits(name, value)) throw wrong(name, `${JSON.stringify(value)} is no value of it`);
  }
  return given;
}

function fits(name: string, value: Json): boolean {
  const offered = choices[name];
  if (offered !== undefined) return offered.includes(value);
  const structure = structures[name];
  if (structure !== undefined) return structure(value);
  const each = byType[name];
  if (each !== undefined)
    return (
      isJsonObject(value) && Object.entries(value).every(([type, one]) => /^(User|Group)$/.test(type) && each(one))
    );
  const model: unknown = rfcDialect[name as keyof typeof rfcDialect];
  if (typeof model === 'number') return isCount(value);
  return typeof model === 'string' || typeof model === 'boolean' ? typeof value === typeof model : false;
}

const wrong = (name: string, why: string): ConfigError =>
  new ConfigError('InvalidDialect', `${name}: ${why}.`, `found/${name}`);
