// One function for each kind of a closed union: a kind that is forgotten does not compile.
interface Kinded {
  readonly kind: string;
}
export type OfKind<U extends Kinded, K> = U extends { readonly kind: infer Q } ? (K extends Q ? U : never) : never;
export type ByKind<U extends Kinded, T> = { readonly [K in U['kind']]: (one: OfKind<U, K>) => T };

export const byKind = <U extends Kinded, T>(table: ByKind<U, T>, one: U): T =>
  (table[one.kind as U['kind']] as (given: U) => T)(one);
