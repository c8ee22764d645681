// Value → ids of the resources that have it; case-insensitive unless told otherwise.
export interface ValueIndex {
  add(value: string, id: string): void;
  remove(value: string, id: string): void;
  get(value: string): readonly string[];
}

export function createValueIndex(caseExact: boolean): ValueIndex {
  const ids = new Map<string, readonly string[]>();
  const keyOf = (value: string): string => (caseExact ? value : value.toLowerCase());
  const get = (value: string): readonly string[] => ids.get(keyOf(value)) ?? [];
  return {
    get,
    add(value, id) {
      const present = get(value);
      if (!present.includes(id)) ids.set(keyOf(value), [...present, id]);
    },
    remove(value, id) {
      const left = get(value).filter((each) => each !== id);
      if (left.length === 0) ids.delete(keyOf(value));
      else ids.set(keyOf(value), left);
    },
  };
}
