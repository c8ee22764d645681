// Values that nobody may see are kept as keyed hashes: enough to tell whether a value changed, and nothing else.
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import type { ObjectRule } from '../mapping/compile.ts';
import type { Json } from '../model/json.ts';
import type { KnownAttributes } from '../model/target.ts';
import { canonical } from './same-value.ts';

/** A keyed hash of a text, in hexadecimal digits: without the key nobody can try out what it was made of. */
export type Fingerprint = (text: string) => string;
/** What is kept of a value: itself, or its fingerprint where its mapping is redacted. Sealing twice changes nothing. */
export type Seal = (mapping: CompiledMapping, value: Json) => Json;

const SEALED = 'hmac-sha256';

/** Equal values of two objects, or of two attributes, have different fingerprints: nobody sees who shares a value. */
export function sealOf(objectId: string, fingerprint: Fingerprint): Seal {
  const seal: Seal = (mapping, value) => {
    if (!mapping.redacted || value === null || value === '' || isSealed(value)) return value;
    if (isList(value)) return value.map((one) => seal(mapping, one));
    return { [SEALED]: fingerprint(JSON.stringify([objectId, mapping.targetPath, canonical(value, mapping)])) };
  };
  return seal;
}

export function sealed({ mappings }: ObjectRule, known: KnownAttributes, seal: Seal): KnownAttributes {
  const secret = mappings.filter(({ redacted, targetPath }) => redacted && Object.hasOwn(known, targetPath));
  if (secret.length === 0) return known;
  const kept = secret.map((mapping) => [mapping.targetPath, seal(mapping, known[mapping.targetPath] ?? null)] as const);
  return { ...known, ...Object.fromEntries(kept) };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isSealed = (value: Json): boolean =>
  typeof value === 'object' && value !== null && !isList(value) && typeof value[SEALED] === 'string';
