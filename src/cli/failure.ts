// How a command ends: 0 done, 1 failed, 2 wrong usage. A failure is one sentence for a person.
import { CommanderError } from 'commander';
import { SettingsError } from '../../config/settings.ts';

export const exitCodes = { done: 0, failed: 1, wrongUsage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a sentence on stderr. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: ExitCode;
  constructor(message: string, exitCode: ExitCode = exitCodes.failed, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The engine refused, and says which member is wrong. */
export class Refusal extends CommandFailure {
  readonly target: string | null;
  readonly details: readonly { readonly target: string; readonly message: string }[];
  constructor(
    message: string,
    of: { readonly target?: string | undefined; readonly details?: Refusal['details'] | undefined },
  ) {
    super(message);
    this.target = of.target ?? null;
    this.details = of.details ?? [];
  }
}

/** Exit code for an error that ended a command, and what to say: its sentence; a slip of the program keeps its stack. */
export function endingOf(error: unknown): { readonly exitCode: ExitCode; readonly say: string | null } {
  // commander has said it already.
  if (error instanceof CommanderError)
    return { exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage, say: null };
  if (error instanceof CommandFailure) return { exitCode: error.exitCode, say: error.message };
  if (error instanceof SettingsError) return { exitCode: exitCodes.wrongUsage, say: error.message };
  if (!(error instanceof Error)) return { exitCode: exitCodes.failed, say: String(error) };
  const isSlip = slips.some((kind) => error instanceof kind);
  return { exitCode: exitCodes.failed, say: isSlip ? (error.stack ?? error.message) : error.message };
}

const slips = [TypeError, RangeError, ReferenceError, SyntaxError];
