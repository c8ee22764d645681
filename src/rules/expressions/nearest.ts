// "Did you mean …": the name closest to a mistyped one.

const MAX_LENGTH = 200;

/** The same name in another case, else the one with the fewest typing errors (at most two); undefined if none is close. */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  const folded = wrong.toLowerCase();
  const sameLetters = names.find((name) => name.toLowerCase() === folded);
  if (sameLetters !== undefined || wrong.length > MAX_LENGTH) return sameLetters;
  let best: { readonly name: string; readonly errors: number } | undefined;
  for (const name of names) {
    if (Math.abs(name.length - wrong.length) > 2) continue;
    const errors = distance(folded, name.toLowerCase());
    if (errors <= Math.min(2, Math.floor(wrong.length * 0.4)) && (best === undefined || errors < best.errors))
      best = { name, errors };
  }
  return best?.name;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
