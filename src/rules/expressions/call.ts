// One call of a function while an object is evaluated: its arguments, read when asked for, and the work it may still do.
import type { Keyword } from './ast.ts';
import { dateTimeOf, integerOf, textOf, textsOf } from './coerce.ts';
import type { EvaluationScope } from './evaluation-scope.ts';
import { AllTaken, ignoreAttribute } from './interruption.ts';
import type { DateTime, Value } from './values.ts';
import { EvaluationFailure, isList, isNothing } from './values.ts';

/**
 * Steps that one evaluation may take. A character read or written is one step; a step takes about 20 ns. No mapping comes
 * near; without a bound, texts that grow from call to call or a pattern over a huge text would stop the cycle.
 */
export const MAX_STEPS = 500_000;

/** One evaluation for one object. */
export class Run {
  readonly scope: EvaluationScope;
  #steps = MAX_STEPS;
  constructor(scope: EvaluationScope) {
    this.scope = scope;
  }
  /** Throws EvaluationFailure when nothing is left. */
  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) {
      throw new EvaluationFailure(
        'the texts are too long for what the expression does with them: shorten them with Left or Mid first.',
      );
    }
  }
}

export type Evaluator = (run: Run) => Value;

/** A call as the compiler made it; the same for all objects. */
export class CallSite {
  readonly name: string;
  /** `null` = omitted. */
  readonly args: readonly (Evaluator | null)[];
  /** Bare words among the arguments. */
  readonly words: readonly (Keyword | null)[];
  /** Arguments that are the same for every object. */
  readonly constant: readonly boolean[];
  /** What was made of a constant argument, by its index. */
  readonly prepared = new Map<number, unknown>();
  constructor(
    name: string,
    args: readonly { readonly evaluate: Evaluator | null; readonly word: Keyword | null; readonly constant: boolean }[],
  ) {
    this.name = name;
    this.args = args.map(({ evaluate }) => evaluate);
    this.words = args.map(({ word }) => word);
    this.constant = args.map(({ constant }) => constant);
  }
}

/** The arguments of one call, evaluated when asked for: what is not asked for is never evaluated. */
export class Call {
  readonly #site: CallSite;
  readonly #run: Run;
  constructor(site: CallSite, run: Run) {
    this.#site = site;
    this.#run = run;
  }

  get count(): number {
    return this.#site.args.length;
  }
  get scope(): EvaluationScope {
    return this.#run.scope;
  }
  /** Was the argument given? An empty text is given, an empty slot is not. */
  given(index: number): boolean {
    return (this.#site.args[index] ?? null) !== null;
  }
  /** The bare word given as argument. */
  word(index: number): Keyword | null {
    return this.#site.words[index] ?? null;
  }
  /** Is the argument the same for every object? */
  constant(index: number): boolean {
    return this.#site.constant[index] ?? true;
  }

  /** Null for an omitted argument. */
  value(index: number): Value {
    const evaluate = this.#site.args[index] ?? null;
    return evaluate === null ? null : evaluate(this.#run);
  }
  text(index: number): string | null {
    const text = textOf(this.value(index));
    if (text !== null) this.spend(text.length);
    return text;
  }
  /** All values that are not null. */
  texts(index: number): readonly string[] {
    const texts = textsOf(this.value(index));
    for (const text of texts) this.spend(text.length + 1);
    return texts;
  }
  integer(index: number): bigint | null {
    return this.prepared(index, integerOf);
  }
  date(index: number): DateTime {
    return this.prepared(index, dateTimeOf);
  }

  /** A function of text, applied to one value or to each value of a list. Null, and a list without values, stay null. */
  each(index: number, f: (text: string) => Value): Value {
    const value = this.value(index);
    if (isNothing(value)) return null;
    return isList(value) ? value.flatMap((one) => this.#one(one, f) ?? []) : this.#one(value, f);
  }
  #one(value: Value, f: (text: string) => Value): Value {
    const text = textOf(value);
    if (text === null) return null;
    this.spend(text.length + 1);
    return f(text);
  }

  /** What `make` makes of the argument: of a constant one only once. An argument has one `make`. */
  prepared<T>(index: number, make: (value: Value) => T): T {
    if (!this.constant(index)) return make(this.value(index));
    const { prepared } = this.#site;
    if (!prepared.has(index)) prepared.set(index, make(this.value(index)));
    return prepared.get(index) as T;
  }

  /** Throws EvaluationFailure when the evaluation has used up its steps. */
  spend(steps: number): void {
    this.#run.spend(steps);
  }
  /** Leaves the target attribute as it is. */
  ignoreAttribute(): never {
    throw ignoreAttribute;
  }
  /** Ends the evaluation: other accounts have every candidate. */
  allTaken(candidates: readonly string[]): never {
    throw new AllTaken(candidates);
  }
}
