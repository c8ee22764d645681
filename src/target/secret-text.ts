// Text of the other side as far as it may be shown: without the token, and not endless.
const LONGEST = 2_000;

/** At most 2,000 characters, every occurrence of the token and of bearer credentials replaced. */
export function showable(text: string, token: string | null): string {
  const without =
    token === null || token === '' ? text : text.replaceAll(token, '***').replaceAll(encodeURIComponent(token), '***');
  const clean = without.replace(/\bBearer\s+[\w.~+/=-]+/gi, 'Bearer ***');
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}
