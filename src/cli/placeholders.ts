// `${NAME}` in the secrets of a document stands for a variable of the environment. One that is not set leaves what is stored.

export interface Filled {
  readonly secrets: Readonly<Record<string, unknown>>;
  /** Secrets that stay as they are stored, with the variable that would set them. */
  readonly kept: readonly { readonly key: string; readonly variable: string }[];
}

export function fillIn(
  secrets: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): Filled {
  const kept: { key: string; variable: string }[] = [];
  const filled = Object.entries(secrets).flatMap(([key, value]) => {
    const variable = typeof value === 'string' ? /^\$\{([A-Za-z_]\w*)\}$/.exec(value)?.[1] : undefined;
    if (variable === undefined) return [[key, value]];
    const given = env[variable] ?? '';
    if (given !== '') return [[key, given]];
    kept.push({ key, variable });
    return [];
  });
  return { secrets: Object.fromEntries(filled) as Readonly<Record<string, unknown>>, kept };
}
