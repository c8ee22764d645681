// Randomness without state: a 32-bit hash of (seed, index, salt), so that any object is computed from its index alone.

/** Bijective 32-bit mixer. */
export function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Uniform in 0 … 2^32-1, equal for equal arguments. */
export function hash(seed: number, index: number, salt: number): number {
  return mix(mix(mix(seed) + index) ^ Math.imul(salt, 0x9e3779b1));
}

/** 32-bit hash of a text. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** Element that `draw` falls on; `items` must not be empty. */
export function pick<T>(items: readonly T[], draw: number): T {
  const item = items[draw % items.length];
  if (item === undefined) throw new Error('pick from an empty list');
  return item;
}
