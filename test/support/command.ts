// A command of the command line in this process: what it prints, and how it ends.
import { vi } from 'vitest';
import { endingOf } from '../../src/cli/failure.ts';
import { buildProgram } from '../../src/cli/program.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function command(...args: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out.push(String(text)), true)),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => (err.push(String(text)), true)),
  ];
  let code = 0;
  try {
    await buildProgram('1.2.3', (exitCode) => (code = exitCode)).parseAsync([...args], { from: 'user' });
  } catch (error) {
    const { exitCode, say } = endingOf(error);
    code = exitCode;
    if (say !== null) err.push(`${say}\n`);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { code, out: out.join(''), err: err.join('') };
}
