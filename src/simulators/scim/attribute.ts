// Attribute definitions in the terms of RFC 7643 §7, with case-insensitive look-up by name.
export type AttributeType = 'string' | 'boolean' | 'reference' | 'dateTime' | 'complex';
/** `immutable`: given at creation, never changed. */
export type Mutability = 'readWrite' | 'readOnly' | 'writeOnly' | 'immutable';

export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  readonly returned: 'always' | 'default' | 'never';
  readonly uniqueness: 'none' | 'server';
  /** The only values that are taken; empty = any. */
  readonly canonicalValues: readonly string[];
  readonly subAttributes: AttributeSet;
}

/** Lower-case name → definition, in the order of declaration. */
export type AttributeSet = ReadonlyMap<string, Attribute>;

export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly attributes: AttributeSet;
}

export interface ResourceSchema {
  readonly type: 'User' | 'Group';
  readonly endpoint: 'Users' | 'Groups';
  readonly core: Schema;
  readonly extensions: readonly Schema[];
}

export const attributeSet = (attributes: readonly Attribute[]): AttributeSet =>
  new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));

const none: AttributeSet = new Map();
const plain: Omit<Attribute, 'name' | 'type'> = {
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  canonicalValues: [],
  subAttributes: none,
};

type Traits = Partial<Omit<Attribute, 'name' | 'type'>>;
export const text = (name: string, traits: Traits = {}): Attribute => ({ ...plain, ...traits, name, type: 'string' });
export const flag = (name: string): Attribute => ({ ...plain, name, type: 'boolean' });
export const reference = (name: string, traits: Traits = {}): Attribute => ({
  ...plain,
  caseExact: true,
  ...traits,
  name,
  type: 'reference',
});
export const dateTime = (name: string, traits: Traits = {}): Attribute => ({
  ...plain,
  ...traits,
  name,
  type: 'dateTime',
});
export const complex = (name: string, subAttributes: readonly Attribute[], traits: Traits = {}): Attribute => ({
  ...plain,
  ...traits,
  name,
  type: 'complex',
  subAttributes: attributeSet(subAttributes),
});
/** The usual plural attribute: value, display, type, primary. */
export const plural = (name: string, types: readonly string[] = []): Attribute =>
  complex(name, [text('value'), text('display'), text('type', { canonicalValues: types }), flag('primary')], {
    multiValued: true,
  });
