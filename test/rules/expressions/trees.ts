// Random trees of every function in the catalogue, as parsing could have made them.
import fc from 'fast-check';
import type { Expression } from '../../../src/rules/expressions/ast.ts';
import { compareOperators } from '../../../src/rules/expressions/ast.ts';
import { functionCatalogue } from '../../../src/rules/expressions/catalogue.ts';
import type { FunctionDefinition, FunctionParameter } from '../../../src/rules/expressions/function-definition.ts';

type Tree = fc.Arbitrary<Expression>;
type Argument = fc.Arbitrary<Expression | null>;

const constant = (value: string | bigint): Expression => ({ kind: 'constant', value });
const oneOf = (...values: readonly (string | bigint)[]): Tree => fc.constantFrom(...values.map(constant));
const nothing: Argument = fc.constant(null);
const orNothing = (tree: Argument): Argument => fc.option(tree, { nil: null }).map((e) => e ?? null);

const attributeName = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.:-]{0,12}$/),
  fc.constantFrom('emails[type eq "work"].value', 'a[b eq "]["].c', 'urn:ietf:params:scim:schemas:core:2.0:User:x'),
);
const attribute: Tree = fc.record({ kind: fc.constant('attribute' as const), name: attributeName });
const textConstant: Tree = fc.record({
  kind: fc.constant('constant' as const),
  value: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\\', '"', '\\"', '\\+', 'a, (b) [c]', '', 'True')),
});
const numberConstant: Tree = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), value: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) }),
  fc.record({
    kind: fc.constant('constant' as const),
    value: fc.bigInt(0n, 2n ** 63n - 1n),
    hex: fc.constant(true as const),
  }),
);
const literal: Tree = fc.record({
  kind: fc.constant('keyword' as const),
  word: fc.constantFrom('True' as const, 'False' as const, 'NULL' as const),
});
const leaf: Tree = fc.oneof(attribute, textConstant, numberConstant, literal);
const flow: Tree = fc.record({
  kind: fc.constant('keyword' as const),
  word: fc.constantFrom('IgnoreAttributeFlow' as const, 'IgnoreObjectFlow' as const),
});

/** Constants that a parameter takes, where it does not take every text. */
const constantsFor: Readonly<Record<string, Tree>> = {
  interval: oneOf('d', 'ww', 'yyyy'),
  inputFormat: oneOf('yyyy-MM-dd', 'M/d/yyyy h:mm:ss tt'),
  outputFormat: oneOf('yyyyMMdd', "'T'HH"),
  dateTimeStyles: oneOf('None', 'AssumeUniversal, AdjustToUniversal'),
  culture: oneOf('tr-TR', 'en-US'),
  Find: oneOf('a', '\\'),
  RegularExpression: oneOf('(?<n>a+)b', '^\\d+(?<n>x)?$'),
};

interface Ties {
  readonly operand: Tree;
}

/** A whole argument: an operand or a comparison; constants only where the parameter can read them. */
function argumentFor(parameter: FunctionParameter, { operand }: Ties): Tree {
  if (parameter.words !== undefined) {
    return fc.record({ kind: fc.constant('keyword' as const), word: fc.constantFrom(...parameter.words) });
  }
  const readable = constantsFor[parameter.key] ?? (parameter.type === 'Integer' ? oneOf(1n, '2', 7n) : null);
  const plain =
    readable === null
      ? operand
      : fc.oneof(
          readable,
          operand.filter((e) => e.kind !== 'constant'),
        );
  const comparison: Tree = fc.record({
    kind: fc.constant('comparison' as const),
    operator: fc.constantFrom(...compareOperators),
    left: operand,
    right: operand,
  });
  const argument = fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: comparison });
  return parameter.result === true
    ? fc.oneof({ weight: 5, arbitrary: argument }, { weight: 1, arbitrary: flow })
    : argument;
}

function argumentsFor(definition: FunctionDefinition, ties: Ties): fc.Arbitrary<readonly (Expression | null)[]> {
  const of = (index: number, parameters = definition.parameters): Tree => {
    const parameter = parameters[index];
    if (parameter === undefined) throw new Error(definition.name);
    return argumentFor(parameter, ties);
  };
  switch (definition.name) {
    case 'IIF':
      return fc.tuple(of(0), of(1), orNothing(of(2)));
    case 'Switch':
      return fc
        .tuple(of(0), orNothing(of(1)), fc.array(fc.tuple(of(2), of(2)), { minLength: 1, maxLength: 2 }))
        .map(([source, fallback, pairs]) => [source, fallback, ...pairs.flat()]);
    case 'Replace':
      return fc.oneof(
        fc.tuple(of(0), of(1), nothing, nothing, of(4), nothing, nothing),
        fc.tuple(of(0), of(1), nothing, nothing, nothing, nothing, of(6)),
        fc.tuple(of(0), nothing, of(2), nothing, of(4), nothing, nothing),
        fc.tuple(of(0), nothing, of(2), oneOf('n'), of(4), nothing, nothing),
        fc.tuple(of(0), nothing, of(2), oneOf('n'), nothing, of(5), nothing),
      );
    case 'FormatDateTime':
      return fc.oneof(
        fc.tuple(of(0), orNothing(of(2)), of(3)),
        fc.tuple(of(0), orNothing(of(1)), orNothing(of(2)), of(3)),
      );
    case 'RandomString':
      return fc.tuple(oneOf(16n), oneOf(2n), oneOf(0n), oneOf('3'), oneOf(1n), orNothing(of(5)));
    case 'SelectUniqueValue':
      return fc.array(of(0), { minLength: 2, maxLength: 4 });
    default: {
      const fixed = definition.parameters.filter((p) => !p.repeats);
      const args = fixed.map((p) => (p.required ? argumentFor(p, ties) : orNothing(argumentFor(p, ties))));
      const repeated = definition.parameters.find((p) => p.repeats);
      const more =
        repeated === undefined
          ? fc.constant([])
          : fc.array(argumentFor(repeated, ties), { minLength: 1, maxLength: 3 });
      return fc.tuple(fc.tuple(...args), more).map(([given, rest]) => [...given, ...rest]);
    }
  }
}

const callOf = (definition: FunctionDefinition, ties: Ties): Tree =>
  argumentsFor(definition, ties).map((args) => ({ kind: 'call', name: definition.name, args }));

const { operand } = fc.letrec<{ operand: Expression; call: Expression }>((tie) => {
  const ties = { operand: tie('operand') };
  const inner = functionCatalogue.filter(({ outermost }) => outermost !== true);
  return {
    operand: fc.oneof({ maxDepth: 3, depthIdentifier: 'expression' }, leaf, tie('call')),
    call: fc.oneof(...inner.map((definition) => callOf(definition, ties))),
  };
});
const outermost = functionCatalogue
  .filter((definition) => definition.outermost === true)
  .map((definition) => callOf(definition, { operand }));

/** Whole expressions: a call, an attribute or a constant. */
export const expressions: Tree = fc.oneof(
  { weight: 20, arbitrary: operand.filter((e) => e.kind !== 'keyword') },
  ...outermost.map((arbitrary) => ({ weight: 1, arbitrary })),
);
