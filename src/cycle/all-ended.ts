// Writes that go out side by side: the loss of the target is thrown when all of them have ended.

/** Nothing is under way any more afterwards: the next run may write the same objects. Throws what the first one threw. */
export async function allEnded<T>(work: readonly (T | Promise<T>)[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
