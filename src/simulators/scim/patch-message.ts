// Reads the body of a PATCH request (RFC 7644 §3.5.2) into operations, or refuses it.
import type { Json } from '../../rules/model/json.ts';
import { isList, isObject, textOf } from './normalise.ts';
import { badRequest } from './scim-error.ts';

export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string | null;
  /** `undefined` when the operation carries no value. */
  readonly value: Json | undefined;
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:patchop';

export function parsePatchMessage(body: Json): readonly Operation[] {
  if (!isObject(body)) throw badRequest('invalidSyntax', 'The body must be a JSON object.');
  const { schemas, Operations: operations } = body;
  if (!isList(schemas) || !schemas.some((each) => textOf(each).toLowerCase() === PATCH_OP)) {
    throw badRequest('invalidSyntax', 'Attribute schemas must contain urn:ietf:params:scim:api:messages:2.0:PatchOp.');
  }
  if (!isList(operations)) throw badRequest('invalidSyntax', 'Operations must be a list.');
  if (operations.length === 0) throw badRequest('invalidSyntax', 'Operations must not be empty.');
  return operations.map(parseOperation);
}

function parseOperation(operation: Json): Operation {
  if (!isObject(operation)) throw badRequest('invalidSyntax', 'Each operation must be an object.');
  const { op: given, path = null, value } = operation;
  const op = textOf(given).toLowerCase();
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw badRequest('invalidSyntax', `Operation ${JSON.stringify(given ?? null)} is none of add, replace, remove.`);
  }
  if (path !== null && typeof path !== 'string')
    throw badRequest('invalidPath', 'The path of an operation must be a string.');
  if (op === 'remove' && path === null) throw badRequest('noTarget', 'A remove operation needs a path.');
  if (op !== 'remove') checkValue(op, path, value);
  return { op, path, value };
}

function checkValue(op: string, path: string | null, value: Json | undefined): void {
  if (value === undefined) throw badRequest('invalidValue', `Operation ${op} needs a value.`);
  if (path === null && !isObject(value)) {
    throw badRequest('invalidValue', `Operation ${op} without a path needs an object as its value.`);
  }
}
