// Text of the other side as far as it may be shown: without secrets, and not endless.
const LONGEST = 2_000;

/** At most 2,000 characters, every occurrence of a secret and of bearer or basic credentials replaced. */
export function showable(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret !== '').flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const without = forms.reduce((kept, form) => kept.replaceAll(form, '***'), text);
  const clean = without.replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 ***');
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}
