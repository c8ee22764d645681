// Object ids: version-4 GUIDs that are a keyed permutation of (kind, index), so that an id is computed from the index,
// and the index from the id, without a table. Ids that were not made by this codec decode to null.
import { hash, mix } from './random.ts';

const kinds = ['user', 'group'] as const;
type CodedKind = (typeof kinds)[number];

export interface Decoded {
  readonly kind: CodedKind;
  readonly index: number;
}
export interface IdCodec {
  encode(kind: CodedKind, index: number): string;
  decode(id: string): Decoded | null;
}

const guid = /^([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-([89ab][0-9a-f]{3})-([0-9a-f]{4})([0-9a-f]{8})$/;
/** Free bits of the four words; six bits of a GUID are version and variant. */
const masks = [0xffffffff, 0x0fffffff, 0x3fffffff, 0xffffffff] as const;
const steps = 16;
const check = 0x2a6d365a;

type Words = [number, number, number, number];

export function createIdCodec(seed: number): IdCodec {
  const keys = Array.from({ length: steps }, (_, step) => hash(seed, step, 0x1d5));
  const mark = hash(seed, 0, 0x1d6);
  const round = (words: Words, step: number): void => {
    const at = (step & 3) as 0 | 1 | 2 | 3;
    const from = ((step + 3) & 3) as 0 | 1 | 2 | 3;
    words[at] = ((words[at] ^ mix(words[from] + (keys[step] ?? 0))) & masks[at]) >>> 0;
  };
  return {
    encode(kind, index) {
      const words: Words = [index, kinds.indexOf(kind), check, mark];
      for (let step = 0; step < steps; step += 1) round(words, step);
      return format(words);
    },
    decode(id) {
      const words = parse(id.toLowerCase());
      if (words === null) return null;
      for (let step = steps - 1; step >= 0; step -= 1) round(words, step);
      const [index, tag, checked, marked] = words;
      const kind = kinds[tag];
      return kind === undefined || checked !== check || marked !== mark ? null : { kind, index };
    },
  };
}

const hex = Array.from({ length: 0x10000 }, (_, i) => i.toString(16).padStart(4, '0'));
const hex16 = (value: number): string => hex[value & 0xffff] ?? '';

function format([a, b, c, d]: Words): string {
  const bLow = hex16((b & 0xfff) | 0x4000);
  const variant = hex16((c >>> 16) | 0x8000);
  return `${hex16(a >>> 16)}${hex16(a)}-${hex16(b >>> 12)}-${bLow}-${variant}-${hex16(c)}${hex16(d >>> 16)}${hex16(d)}`;
}

function parse(id: string): Words | null {
  const [, a, bHigh, bLow, cHigh, cLow, d] = guid.exec(id) ?? [];
  if (a === undefined || bHigh === undefined || bLow === undefined || cHigh === undefined) return null;
  if (cLow === undefined || d === undefined) return null;
  const read = (text: string): number => Number.parseInt(text, 16);
  return [
    read(a),
    ((read(bHigh) << 12) | read(bLow)) >>> 0,
    (((read(cHigh) & 0x3fff) << 16) | read(cLow)) >>> 0,
    read(d),
  ];
}
