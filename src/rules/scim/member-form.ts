// A reference to another resource as a dialect writes it in a list.
import type { Dialect, ResourceType } from '../model/target.ts';
import type { JsonObject } from '../model/json.ts';

export function memberIn(
  { reference }: Pick<Dialect, 'reference'>,
  locate: (type: ResourceType, id: string) => string,
  id: string,
): JsonObject {
  switch (reference) {
    case 'value-only':
      return { value: id };
    case 'null-ref':
      return { $ref: null, value: id };
    case 'ref':
      return { $ref: locate('User', id), value: id };
  }
}
