// The type of what an expression gives, as far as it is the same for every object.
import type { Expression } from '../expressions/ast.ts';
import { findFunction } from '../expressions/catalogue.ts';
import type { FunctionDefinition } from '../expressions/function-definition.ts';
import type { AttributeType } from '../model/schema.ts';
import type { MappingContext } from './mapping-context.ts';

export type ResultType = AttributeType | FunctionDefinition['result'];

/** Null for a constant, which is read as what is wanted, and for an attribute that nobody knows. */
export function resultType(context: MappingContext, e: Expression): ResultType | null {
  switch (e.kind) {
    case 'attribute':
      return context.source(e.name)?.type ?? null;
    case 'call':
      return findFunction(e.name)?.result ?? null;
    case 'comparison':
      return 'Boolean';
    case 'keyword':
      return e.word === 'True' || e.word === 'False' ? 'Boolean' : null;
    case 'constant':
      return null;
  }
}

export function givesSeveral(context: MappingContext, e: Expression): boolean {
  if (e.kind === 'attribute') return context.source(e.name)?.multivalued === true;
  return ['several Strings', 'complex values'].includes(resultType(context, e) ?? '');
}

const never: Readonly<Partial<Record<string, readonly (string | null)[]>>> = {
  Integer: ['Boolean', 'DateTime'],
  DateTime: ['Boolean', 'Integer'],
  Boolean: ['DateTime'],
};

/** A value of the one type can never be read as one of the other. */
export const neverReads = (wanted: string, given: ResultType | null): boolean =>
  never[wanted]?.includes(given) === true;
