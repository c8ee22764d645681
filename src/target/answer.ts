// What a request about one object came to: its value, or the refusal of that object. A lost target is thrown instead.
import type { ObjectError } from '../rules/model/errors.ts';

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ObjectError };

export const done = <T>(value: T): Answer<T> => ({ ok: true, value });
export const refused = (error: ObjectError): { readonly ok: false; readonly error: ObjectError } => ({
  ok: false,
  error,
});
