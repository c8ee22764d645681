// Questions that are asked one by one and answered together.

/** Collects the keys of one turn of the event loop; `load` answers them in their order. */
export function batched<K, V>(load: (keys: readonly K[]) => Promise<readonly V[]>): (key: K) => Promise<V> {
  let waiting: { readonly keys: K[]; readonly values: Promise<readonly V[]> } | null = null;
  const open = () => {
    const keys: K[] = [];
    const values = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      waiting = null;
      return load(keys);
    });
    return { keys, values };
  };
  return async (key) => {
    waiting ??= open();
    const at = waiting.keys.push(key) - 1;
    const value = (await waiting.values)[at];
    if (value === undefined) throw new Error('a question was not answered');
    return value;
  };
}
