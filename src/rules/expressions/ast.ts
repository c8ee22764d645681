// The tree of an expression. Whoever holds one may take it as valid: parsing has checked functions and arguments.

export const compareOperators = ['=', '<>', '<', '<=', '>', '>='] as const;
export type CompareOperator = (typeof compareOperators)[number];

/** Bare words: two flow results, options of single functions, and literals. */
export const keywords = [
  'IgnoreAttributeFlow',
  'IgnoreObjectFlow',
  'vbTextCompare',
  'vbBinaryCompare',
  'UTF8',
  'Unicode',
  'ASCII',
  'True',
  'False',
  'NULL',
] as const;
export type Keyword = (typeof keywords)[number];

export interface AttributeExpression {
  readonly kind: 'attribute';
  readonly name: string;
}
export interface ConstantExpression {
  readonly kind: 'constant';
  /** A whole number of 64 bits when it was written without quotes. */
  readonly value: string | bigint;
  /** The number was written in hexadecimal. */
  readonly hex?: true;
}
export interface KeywordExpression {
  readonly kind: 'keyword';
  readonly word: Keyword;
}
export interface CallExpression {
  readonly kind: 'call';
  readonly name: string;
  /** `null` = omitted, which is not the same as an empty text. */
  readonly args: readonly (Expression | null)[];
}
/** Occurs as an argument only. */
export interface ComparisonExpression {
  readonly kind: 'comparison';
  readonly operator: CompareOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export type Expression =
  AttributeExpression | ConstantExpression | KeywordExpression | CallExpression | ComparisonExpression;

export const isCompareOperator = (text: string): text is CompareOperator =>
  (compareOperators as readonly string[]).includes(text);
export const isKeyword = (text: string): text is Keyword => (keywords as readonly string[]).includes(text);
