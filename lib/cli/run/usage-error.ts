/** The command line is wrong. `message` names the word, and what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** True for a {@link UsageError}, also one of another copy of this module: a command is loaded when it runs. */
export function isUsageError(error: unknown): boolean {
  return error instanceof Error && error.name === 'UsageError';
}
