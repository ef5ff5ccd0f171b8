/** The command line is wrong. `message` says what is wrong with which word. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
