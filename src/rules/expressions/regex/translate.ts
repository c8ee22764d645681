// .NET pattern → RE2 pattern. What RE2 cannot express is refused by its name. All captures become plain groups, numbered here.
import { escapeIn } from './escapes.ts';
import { PatternRefusal } from './refusal.ts';

export interface Translation {
  /** For RE2. */
  readonly pattern: string;
  /** What each group of `pattern` stands for, from group 1 on. */
  readonly groups: readonly GroupRole[];
  /** About how many instructions the pattern compiles to. */
  readonly size: number;
}
export type GroupRole =
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'named'; readonly name: string }
  /** The line feed that `$` allows before the end of the text; it is no part of the match. */
  | { readonly kind: 'final-line-feed' };

interface Options {
  readonly multiline: boolean;
  /** `n`: only named groups capture. */
  readonly explicit: boolean;
  /** `x`: white space and comments stand for nothing. */
  readonly extended: boolean;
}
interface Level {
  readonly options: Options;
  readonly size: number;
}

const MAX_GROUP_DEPTH = 200;
/** Classes such as \w hold thousands of characters each. */
const MAX_UNICODE_CLASSES = 100;
const refusedGroups: Readonly<Record<string, string>> = {
  '(?=': 'look-around (look-ahead)',
  '(?!': 'look-around (look-ahead)',
  '(?<=': 'look-around (look-behind)',
  '(?<!': 'look-around (look-behind)',
  '(?>': 'an atomic group',
  '(?(': 'a conditional group',
};

/** Throws PatternRefusal. */
export function translate(pattern: string): Translation {
  const translator = new Translator(pattern);
  return translator.run();
}

class Translator {
  readonly #source: string;
  readonly #groups: GroupRole[] = [];
  readonly #levels: Level[] = [];
  #at = 0;
  #out = '';
  #options: Options = { multiline: false, explicit: false, extended: false };
  #size = 1;
  /** Size of the last atom, which a quantifier multiplies. */
  #atom = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): Translation {
    if ((this.#source.match(/\\[dDwWsSpP]/g)?.length ?? 0) > MAX_UNICODE_CLASSES) {
      throw new PatternRefusal(
        `it has more than ${String(MAX_UNICODE_CLASSES)} classes such as \\w: repeat one with {n}`,
      );
    }
    while (this.#at < this.#source.length) this.#step();
    return { pattern: this.#out, groups: this.#groups, size: this.#size };
  }

  #step(): void {
    const char = this.#source.charAt(this.#at);
    if (char === '\\') this.#escape();
    else if (char === '[') this.#class();
    else if (char === '(') this.#open();
    else if (char === ')') this.#close();
    else if (char === '$') this.#dollar();
    else if (char === '{') this.#repeat();
    else if (this.#options.extended && /[\s#]/.test(char)) this.#skip(/#[^\n]*|\s+/y);
    else this.#emit(char, 1);
  }

  #emit(translated: string, length: number, size = 1): void {
    this.#out += translated;
    this.#at += length;
    this.#size += size;
    this.#atom = size;
  }
  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source);
  }
  #skip(pattern: RegExp): void {
    this.#at += this.#match(pattern)?.[0].length ?? 1;
  }

  #escape(): void {
    const next = this.#source.charAt(this.#at + 1);
    if (next === 'Z') {
      this.#finalLineFeed(2);
      return;
    }
    const { text, length } = escapeIn(this.#source, this.#at, false);
    this.#emit(text, length);
  }

  // Outside of multiline mode, $ also stands before a line feed that ends the text.
  #dollar(): void {
    if (this.#options.multiline) this.#emit('$', 1);
    else this.#finalLineFeed(1);
  }
  #finalLineFeed(length: number): void {
    this.#groups.push({ kind: 'final-line-feed' });
    this.#emit('(?:(\\n?)\\z)', length, 4);
  }

  // A brace that begins no {n}, {n,} or {n,m} is a character.
  #repeat(): void {
    const counted = this.#match(/\{(\d+)(?:,(\d*))?\}/y);
    if (counted === null) {
      this.#emit('\\{', 1);
      return;
    }
    const [all, least = '0', most] = counted;
    const times = most === undefined || most === '' ? Number(least) + 1 : Number(most);
    const added = this.#atom * Math.max(0, times - 1);
    this.#emit(all, all.length, 0);
    this.#size += added;
    this.#atom = added;
  }

  #open(): void {
    if (this.#match(/\(\?#/y) !== null) this.#skip(/\(\?#[^)]*\)?/y);
    else if (this.#match(/\(\?/y) === null) this.#openPlain();
    else this.#openSpecial();
  }
  #openPlain(): void {
    if (this.#options.explicit) this.#enter('(?:', 1);
    else {
      this.#groups.push({ kind: 'unnamed' });
      this.#enter('(', 1);
    }
  }
  #openSpecial(): void {
    for (const [start, name] of Object.entries(refusedGroups)) {
      if (this.#source.startsWith(start, this.#at)) {
        throw new PatternRefusal(`${name} is not supported, because patterns must run in linear time`);
      }
    }
    const named = this.#match(/\(\?(?:<(\w+)>|'(\w+)')/uy);
    if (named !== null) {
      this.#groups.push({ kind: 'named', name: named[1] ?? named[2] ?? '' });
      this.#enter('(', named[0].length);
      return;
    }
    if (this.#match(/\(\?[<']\w*-/uy) !== null) throw new PatternRefusal('balancing groups are not supported');
    this.#inlineOptions();
  }
  #inlineOptions(): void {
    const inline = this.#match(/\(\?([imnsx]*)(?:-([imnsx]*))?([:)])/y);
    if (inline === null) {
      throw new PatternRefusal(
        `the group ${this.#source.slice(this.#at, this.#at + 4)} has no meaning: write (?:…), (?<name>…) or (?i)`,
      );
    }
    const [all, on = '', off = '', end] = inline;
    const flags = re2Flags(on, off);
    if (end === ':') {
      this.#enter(`(?${flags}:`, all.length);
      this.#options = changed(this.#options, on, off);
    } else {
      this.#emit(flags === '' ? '' : `(?${flags})`, all.length, 0);
      this.#options = changed(this.#options, on, off);
    }
  }
  #enter(translated: string, length: number): void {
    if (this.#levels.length >= MAX_GROUP_DEPTH) {
      throw new PatternRefusal(`more than ${String(MAX_GROUP_DEPTH)} groups are nested in each other`);
    }
    this.#levels.push({ options: this.#options, size: this.#size });
    this.#emit(translated, length, 2);
  }
  #close(): void {
    const level = this.#levels.pop();
    if (level === undefined) throw new PatternRefusal('it has a closing parenthesis without an opening one');
    this.#emit(')', 1, 0);
    this.#options = level.options;
    this.#atom = this.#size - level.size;
  }

  // A closing bracket that comes first is a member; an opening one always is.
  #class(): void {
    const [start = '['] = this.#match(/\[\^?\]?/y) ?? [];
    let translated = start.endsWith(']') ? `${start.slice(0, -1)}\\]` : start;
    let at = this.#at + start.length;
    for (;;) {
      const char = this.#source.charAt(at);
      if (char === '') throw new PatternRefusal('it has an opening bracket without a closing one');
      if (char === ']') break;
      const member = this.#member(at);
      translated += member.text;
      at += member.length;
    }
    this.#emit(`${translated}]`, at + 1 - this.#at);
  }
  #member(at: number): { readonly text: string; readonly length: number } {
    const char = this.#source.charAt(at);
    if (char === '-' && this.#source.charAt(at + 1) === '[') {
      throw new PatternRefusal(
        'the subtraction of character classes is not supported: list the characters that are meant',
      );
    }
    if (char === '[') return { text: '\\[', length: 1 };
    if (char !== '\\') return { text: char, length: 1 };
    const escape = escapeIn(this.#source, at, true);
    // Behind a class such as \w a dash is a character, not a range.
    const dash = /^\\[dDwWsSpP]/.test(this.#source.slice(at, at + 2)) && this.#source[at + escape.length] === '-';
    if (!dash || this.#source[at + escape.length + 1] === '[') return escape;
    return { text: `${escape.text}\\-`, length: escape.length + 1 };
  }
}

// RE2 knows i, m and s; the others are taken care of here.
function re2Flags(on: string, off: string): string {
  const known = (flags: string): string => flags.replaceAll(/[nx]/g, '');
  return known(on) + (known(off) === '' ? '' : `-${known(off)}`);
}

function changed(options: Options, on: string, off: string): Options {
  const option = (letter: string, before: boolean): boolean => (before || on.includes(letter)) && !off.includes(letter);
  return {
    multiline: option('m', options.multiline),
    explicit: option('n', options.explicit),
    extended: option('x', options.extended),
  };
}
