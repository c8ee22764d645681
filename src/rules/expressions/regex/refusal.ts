// A pattern that cannot be used.

/** Why a pattern cannot be used, as the end of a sentence. */
export class PatternRefusal extends Error {
  override readonly name = 'PatternRefusal';
}
