// Random trees of every kind, as parsing could have made them.
import fc from 'fast-check';
import type { Expression } from '../../../src/rules/expressions/ast.ts';
import { compareOperators } from '../../../src/rules/expressions/ast.ts';

const attributeName = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.:-]{0,12}$/),
  fc.constantFrom('emails[type eq "work"].value', 'a[b eq "]["].c', 'urn:ietf:params:scim:schemas:core:2.0:User:x'),
);
const attribute = fc.record({ kind: fc.constant('attribute' as const), name: attributeName });
const textConstant = fc.record({
  kind: fc.constant('constant' as const),
  value: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\\', '"', '\\"', '\\+', 'a, (b) [c]', '')),
});
const numberConstant = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), value: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) }),
  fc.record({
    kind: fc.constant('constant' as const),
    value: fc.bigInt(0n, 2n ** 63n - 1n),
    hex: fc.constant(true as const),
  }),
);
const literal = fc.record({
  kind: fc.constant('keyword' as const),
  word: fc.constantFrom('True' as const, 'False' as const, 'NULL' as const),
});
const leaf: fc.Arbitrary<Expression> = fc.oneof(attribute, textConstant, numberConstant, literal);
const flow: fc.Arbitrary<Expression> = fc.record({
  kind: fc.constant('keyword' as const),
  word: fc.constantFrom('IgnoreAttributeFlow' as const, 'IgnoreObjectFlow' as const),
});

const call = (name: string, ...args: readonly fc.Arbitrary<Expression | null>[]): fc.Arbitrary<Expression> =>
  fc.tuple(...args).map((given) => ({ kind: 'call', name, args: given }));
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });

const { operand } = fc.letrec<{ operand: Expression; call: Expression }>((tie) => {
  const comparison: fc.Arbitrary<Expression> = fc.record({
    kind: fc.constant('comparison' as const),
    operator: fc.constantFrom(...compareOperators),
    left: tie('operand'),
    right: tie('operand'),
  });
  const argument = fc.oneof({ weight: 4, arbitrary: tie('operand') }, { weight: 1, arbitrary: comparison });
  const result = fc.oneof({ weight: 5, arbitrary: argument }, { weight: 1, arbitrary: flow });
  return {
    operand: fc.oneof({ maxDepth: 4, depthIdentifier: 'expression' }, leaf, tie('call')),
    call: fc.oneof(
      call('Append', argument, argument),
      call('Now'),
      call('IIF', argument, result, orNull(result)),
      call('ToLower', argument, orNull(argument)),
      call('Mid', argument, argument, argument),
      fc
        .array(argument, { minLength: 1, maxLength: 3 })
        .chain((sources) => call('Join', argument, ...sources.map((s) => fc.constant(s)))),
      call('Switch', argument, orNull(result), argument, result, argument, result),
      call(
        'Replace',
        argument,
        argument,
        fc.constant(null),
        fc.constant(null),
        argument,
        fc.constant(null),
        fc.constant(null),
      ),
      call('FormatDateTime', argument, orNull(argument), argument),
      call('FormatDateTime', argument, orNull(argument), orNull(argument), argument),
    ),
  };
});

/** Whole expressions: a call, an attribute or a constant. */
export const expressions: fc.Arbitrary<Expression> = operand.filter((e) => e.kind !== 'keyword');
