import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearProgress, drawProgress, formatSeconds, renderProgress } from '../../src/cli/progress.ts';
import type { ProgressLine } from '../../src/cli/progress.ts';
import { progressMeter } from '../../src/cli/progress-meter.ts';
import { renderTable } from '../../src/cli/table.ts';

const line = (rest: Partial<ProgressLine> = {}): ProgressLine => ({
  name: 'Contoso Intranet',
  phase: 'users',
  state: 'running',
  done: 500,
  total: 1000,
  ratePerSecond: 123.4,
  secondsLeft: 75,
  ...rest,
});

describe('progress', () => {
  it('shows name, bar, done of all, rate, time left and phase, aligned', () => {
    expect(renderProgress([line(), line({ name: 'Short', done: 1000, state: 'succeeded' })], 100)).toEqual([
      'Contoso Intranet  ███████████████░░░░░░░░░░░░░░░    500/1,000  123/s  1m 15s left  users',
      'Short             ██████████████████████████████  1,000/1,000                      succeeded',
    ]);
  });

  it('gives up the least important parts on a narrow terminal, and the bar last', () => {
    const [narrow = ''] = renderProgress([line()], 50);
    expect(narrow).toContain('500/1,000');
    expect(narrow).toContain('█');
    expect(narrow).not.toContain('/s');
  });

  it('never writes past the last column and never sends a control character of a name to the terminal', () => {
    const lines = fc.record({
      name: fc.string(),
      phase: fc.constantFrom('users', 'groups'),
      state: fc.constantFrom('queued', 'running', 'failed'),
      done: fc.nat(),
      total: fc.nat(),
      ratePerSecond: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
      secondsLeft: fc.option(fc.nat()),
      note: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 4 }), fc.integer({ min: 10, max: 200 }), (jobs, columns) => {
        const rendered = renderProgress(jobs, columns);
        expect(rendered).toHaveLength(jobs.length);
        for (const text of rendered) {
          expect(Array.from(text).length).toBeLessThanOrEqual(columns);
          // eslint-disable-next-line no-control-regex
          expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      }),
    );
  });

  it('is redrawn in place on a terminal and written nowhere else', () => {
    const terminal = (isTTY: boolean) => {
      const written: string[] = [];
      return { isTTY, columns: 80, written, write: (text: string) => written.push(text) };
    };
    const screen = terminal(true);
    drawProgress(screen, [line(), line()]);
    drawProgress(screen, [line(), line()]);
    expect(screen.written[0]).not.toContain('\u001b[2A');
    expect(screen.written[1]).toContain('\u001b[2A');
    clearProgress(screen);
    expect(screen.written).toHaveLength(3);
    const pipe = terminal(false);
    drawProgress(pipe, [line()]);
    clearProgress(pipe);
    expect(pipe.written).toEqual([]);
  });

  it('measures the pace over the last seconds, and says nothing while it knows nothing', () => {
    const pace = progressMeter(5_000);
    expect(pace(0, 100, 0)).toEqual({ ratePerSecond: null, secondsLeft: null });
    expect(pace(10, 100, 1_000)).toEqual({ ratePerSecond: 10, secondsLeft: 9 });
    expect(pace(10, 100, 20_000)).toEqual({ ratePerSecond: null, secondsLeft: null });
    expect(pace(50, 100, 22_000)).toEqual({ ratePerSecond: 20, secondsLeft: 2.5 });
  });

  it.each([
    [0.4, '0s'],
    [59, '59s'],
    [75, '1m 15s'],
    [7384, '2h 3m'],
  ])('writes %d seconds as %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});

describe('a table', () => {
  it('aligns text to the left and numbers to the right, and cuts what is too long', () => {
    const table = renderTable(
      ['NAME', 'COUNT', { title: 'WHY', most: 6 }],
      [
        ['Ada', 12345, 'because'],
        ['Grace\u001b[2J', '7', null],
      ],
    );
    expect(table.split('\n')).toEqual(['NAME        COUNT  WHY', 'Ada        12,345  becau…', 'Grace [2J       7  -']);
  });

  it('shows its titles when there are no rows', () => expect(renderTable(['A', 'B'], [])).toBe('A  B'));
});
