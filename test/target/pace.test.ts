// Pauses that an application asks for, and how long a page has patience with them.
import { describe, expect, it } from 'vitest';

import { askForPause, newPatience, untilPauseEnds } from '../../src/target/pace.ts';

const START = 1_800_000_000_000;

/** Two sessions on one application, with a clock that the waits move on. */
function world() {
  const pace = { until: 0 };
  const clock = { now: START };
  const wait = (ms: number): Promise<void> => {
    clock.now += ms;
    return Promise.resolve();
  };
  const session = () => {
    const patience = newPatience();
    return { patience, go: () => untilPauseEnds({ pace, patience, wait }, clock.now) };
  };
  return { pace, clock, session, ask: (ms: number) => askForPause(pace, ms, clock.now) };
}

describe('a pause', () => {
  it('is kept by every session, and over when it is over', async () => {
    const { session, ask, clock } = world();
    const [first, second] = [session(), session()];
    ask(50_000);
    expect(await first.go()).toBe(true);
    expect(clock.now).toBe(START + 50_000);
    expect(await second.go()).toBe(true);
    expect(clock.now).toBe(START + 50_000);
  });

  it('is waited for two minutes in all, not for each request anew', async () => {
    const { session, ask, clock } = world();
    const page = session();
    ask(50_000);
    expect(await Promise.all([page.go(), page.go(), page.go()])).toEqual([true, true, true]);
    expect(page.patience.leftMs).toBe(70_000);
    clock.now = START + 200_000;
    ask(60_000);
    expect(await page.go()).toBe(true);
    ask(20_000);
    expect(await page.go()).toBe(false);
    expect(await session().go()).toBe(true);
  });

  it('of a year is one of five minutes for those who come later', async () => {
    const { session, ask, clock } = world();
    ask(31_536_000_000);
    expect(await session().go()).toBe(false);
    clock.now += 300_000;
    expect(await session().go()).toBe(true);
  });
});
