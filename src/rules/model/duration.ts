// ISO-8601 durations of days, hours, minutes and whole seconds, as Graph writes a schedule's interval and settings are given.

const units = [
  ['D', 86_400],
  ['H', 3_600],
  ['M', 60],
  ['S', 1],
] as const;

/** 2400 → `PT40M`. Whole seconds, not negative. */
export function formatDuration(seconds: number): string {
  let rest = seconds;
  const parts = units.map(([letter, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${String(count)}${letter}`;
  });
  const [days = '', ...time] = parts;
  const clock = time.join('');
  if (clock !== '') return `P${days}T${clock}`;
  return days === '' ? 'PT0S' : `P${days}`;
}

/** Seconds; `null` for anything else, also for fractions and for no duration at all. */
export function parseDuration(text: string): number | null {
  const found = /^P(?=.)(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/.exec(text);
  if (found === null) return null;
  return units.reduce((sum, [, size], index) => sum + Number(found[index + 1] ?? 0) * size, 0);
}
