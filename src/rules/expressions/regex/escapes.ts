// Escapes of .NET patterns, as RE2 writes them. \d, \w and \s know all scripts.
import { blockRanges } from './blocks.ts';
import { PatternRefusal } from './refusal.ts';

interface Escape {
  readonly text: string;
  /** Of the escape in the source. */
  readonly length: number;
}

/** Members of a class, and those of its opposite. */
const classes: Readonly<Record<string, { readonly members: string; readonly others: string }>> = {
  d: { members: '\\p{Nd}', others: '\\P{Nd}' },
  w: {
    members: '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}',
    others:
      '\\p{Mc}\\p{Me}\\p{Nl}\\p{No}\\p{Pd}\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}\\p{S}\\p{Z}\\p{Cc}\\p{Co}\\x{ad}\\x{600}-\\x{605}\\x{200b}\\x{200e}\\x{200f}\\x{202a}-\\x{202e}\\x{2060}-\\x{2064}\\x{feff}',
  },
  s: {
    members: '\\t-\\r\\x{85}\\p{Z}',
    others:
      '\\x00-\\x08\\x0e-\\x1f\\x21-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}',
  },
};

/** The escape that begins at `at`. Throws PatternRefusal. */
export function escapeIn(source: string, at: number, inClass: boolean): Escape {
  const letter = source.charAt(at + 1);
  if (letter === '') throw new PatternRefusal('it ends in a backslash: write \\\\ for a backslash');
  const members = classes[letter.toLowerCase()];
  if (members !== undefined) return { text: classText(members, letter, inClass), length: 2 };
  if (letter === 'p' || letter === 'P') return category(source, at, inClass);
  if (/[0-9]/.test(letter)) return digits(source, at, inClass);
  if (/\w|\P{ASCII}/u.test(letter)) return letterEscape(source, at, inClass);
  return { text: `\\${letter}`, length: 2 };
}

function classText(
  { members, others }: { readonly members: string; readonly others: string },
  letter: string,
  inClass: boolean,
): string {
  const isOpposite = letter === letter.toUpperCase();
  if (inClass) return isOpposite ? others : members;
  return `[${isOpposite ? '^' : ''}${members}]`;
}

function category(source: string, at: number, inClass: boolean): Escape {
  const [all = '', name] = /^\\[pP]\{([\w-]+)\}/.exec(source.slice(at, at + 60)) ?? [];
  if (name === undefined) throw new PatternRefusal('\\p needs a category in braces, as in \\p{Lu}');
  const opposite = source.charAt(at + 1) === 'P';
  if (!name.startsWith('Is')) return { text: all, length: all.length };
  const ranges = blockRanges(name, opposite && inClass);
  if (ranges === null) {
    throw new PatternRefusal(
      `the Unicode block ${name} is not known: use a category such as \\p{L}, or a range of characters`,
    );
  }
  return { text: inClass ? ranges : `[${opposite ? '^' : ''}${ranges}]`, length: all.length };
}

// Octal inside of a class and after a 0; anything else asks for what a group captured.
function digits(source: string, at: number, inClass: boolean): Escape {
  const octal = (inClass ? /^\\([0-7]{1,3})/ : /^\\(0[0-7]{0,2})/).exec(source.slice(at, at + 4));
  if (octal === null) throw backReference();
  return { text: codePoint(parseInt(octal[1] ?? '0', 8) & 0xff), length: octal[0].length };
}

const backReference = (): PatternRefusal =>
  new PatternRefusal('a back-reference is not supported, because patterns must run in linear time');

const codePoint = (code: number): string => `\\x{${code.toString(16)}}`;

const common = { f: '\\f', n: '\\n', r: '\\r', t: '\\t', v: '\\v', a: '\\x07', e: '\\x1b' };
/** In a class, \b is the backspace. */
const controls: Readonly<Record<string, string>> = { ...common, b: '\\x08' };
const outside: Readonly<Record<string, string>> = { ...common, A: '\\A', b: '\\b', B: '\\B', z: '\\z' };

function letterEscape(source: string, at: number, inClass: boolean): Escape {
  const letter = source.charAt(at + 1);
  const simple = (inClass ? controls : outside)[letter];
  if (simple !== undefined) return { text: simple, length: 2 };
  if (letter === 'k') throw backReference();
  if (letter === 'G') throw new PatternRefusal('\\G (where the last match ended) is not supported');
  if (letter === 'u' || letter === 'x') return hexadecimal(source, at);
  if (letter === 'c') return control(source, at);
  if (letter.charCodeAt(0) > 0x7f && !/\p{L}|\p{N}/u.test(letter)) return { text: letter, length: 2 };
  throw new PatternRefusal(
    `the escape \\${letter} has no meaning${inClass ? ' in a character class' : ''}: write ${letter} alone`,
  );
}

function hexadecimal(source: string, at: number): Escape {
  const code = /^\\u([0-9A-Fa-f]{4})|^\\x([0-9A-Fa-f]{2})/.exec(source.slice(at, at + 6));
  if (code === null) throw new PatternRefusal('\\x needs two hexadecimal digits and \\u needs four');
  return { text: codePoint(parseInt(code[1] ?? code[2] ?? '', 16)), length: code[0].length };
}

function control(source: string, at: number): Escape {
  const letter = source.charAt(at + 2).toUpperCase();
  if (!/^[@-_]$/.test(letter)) throw new PatternRefusal('\\c needs a letter, as in \\cA');
  return { text: codePoint(letter.charCodeAt(0) - 64), length: 3 };
}
