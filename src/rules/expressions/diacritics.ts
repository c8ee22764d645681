// Entra's table of letters with marks and the plain letters they become. Keys are in Unicode normal form C.

/** Plain letters → the letters that become them, blank between; some are a base letter with combining marks. */
const table: Readonly<Record<string, string>> = {
  a: 'ä à â ã å á ą ă ā ǟ ǡ ā\u0301 ā\u0300 ā\u0302 ā\u0303 ā\u0308 a\u0331 å\u0304',
  A: 'Ä À Â Ã Å Á Ą Ă Ā Ǟ Ǡ Ā\u0301 Ā\u0300 Ā\u0302 Ā\u0303 Ā\u0308 A\u0331 Å\u0304',
  ae: 'æ ǣ',
  AE: 'Æ Ǣ',
  c: 'ç č ć c\u0304 c\u0331',
  C: 'Ç Č Ć C\u0304 C\u0331',
  d: 'ď ḏ d\u0304',
  D: 'Ď Ḏ D\u0304',
  e: 'ë è é ê ę ě ė ē ḗ ḕ ē\u0302 ē\u0303 ê\u0304 e\u0331 ë\u0304 e\u030a\u0304',
  E: 'Ë È É Ê Ę Ě Ė Ē Ḗ Ḕ Ē\u0302 Ē\u0303 Ê\u0304 E\u0331 Ë\u0304 E\u030a\u0304',
  g: 'ğ ḡ g\u0331',
  G: 'Ğ Ḡ G\u0331',
  i: 'ï î ì í ı ī ī\u0301 ī\u0300 ī\u0302 ī\u0303 i\u0331',
  I: 'Ï Î Ì Í İ Ī Ī\u0301 Ī\u0300 Ī\u0302 Ī\u0303 I\u0331',
  l: 'ľ ł ḹ ḻ l\u0304',
  L: 'Ł Ľ Ḹ Ḻ L\u0304',
  n: 'ñ ń ň ṉ n\u0304',
  N: 'Ñ Ń Ň Ṉ N\u0304',
  o: 'ö ò ő õ ô ó ō ṓ ṑ ȫ ǭ ȭ ȱ ō\u0302 ō\u0303 ō\u0308 o\u0331',
  O: 'Ö Ò Ő Õ Ô Ó Ō Ṓ Ṑ Ȫ Ǭ Ȭ Ȱ Ō\u0302 Ō\u0303 Ō\u0308 O\u0331',
  oe: 'ø ø\u0304 œ\u0304',
  OE: 'Ø Ø\u0304 Œ\u0304',
  r: 'ř ṟ ṝ r\u0304',
  R: 'Ř Ṟ Ṝ R\u0304',
  ss: 'ß',
  s: 'š ś ș ş s\u0304 s\u0331',
  S: 'Š Ś Ș Ş S\u0304 S\u0331',
  t: 'ť ț ṯ t\u0304',
  T: 'Ť Ț Ṯ T\u0304',
  u: 'ü ù û ú ů ű ū ǖ ṻ ū\u0301 ū\u0300 ū\u0302 ū\u0303 u\u0307\u0304 ṳ\u0304 u\u0331',
  U: 'Ü Ù Û Ú Ů Ű Ū Ǖ Ṻ Ū\u0301 Ū\u0300 Ū\u0302 Ū\u0303 U\u0307\u0304 Ṳ\u0304 U\u0331',
  y: 'ÿ ý ȳ ȳ\u0301 ȳ\u0300 ȳ\u0303 y\u0331',
  Y: 'Ÿ Ý Ȳ Ȳ\u0301 Ȳ\u0300 Ȳ\u0303 Y\u0331',
  z: 'ź ž ż ẕ z\u0304',
  Z: 'Ź Ž Ż Ẕ Z\u0304',
};

const plain: ReadonlyMap<string, string> = new Map(
  Object.entries(table).flatMap(([letter, marked]) => marked.split(' ').map((m) => [m, letter] as const)),
);
// The longest sequence first, so that a letter takes all its marks with it.
const sequences = [...plain.keys()].filter((key) => key.length > 1).sort((a, b) => b.length - a.length);
const letters = [...plain.keys()].filter((key) => key.length === 1);
const known = new RegExp(`${sequences.join('|')}|[${letters.join('')}]`, 'g');

/** Replaces what the table knows, the longest sequence first; everything else stays. */
export const plainLetters = (text: string): string =>
  text.normalize('NFC').replaceAll(known, (marked) => plain.get(marked) ?? marked);
