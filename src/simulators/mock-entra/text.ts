// Reading a text out of JSON.
import type { Json } from '../../rules/model/json.ts';

/** The value when it is a text, else ''. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
