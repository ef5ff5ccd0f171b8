import type { Observable } from 'rxjs';
import type { ExitCode } from './run/exit-code.js';
import type { Output } from './output/output.js';

/** An argument of a command: `name` as `--help` shows it, with `...` if it may be repeated. */
export interface ArgumentSpec {
  readonly name: string;
  readonly required?: boolean;
  readonly text: string;
  /** The words that it may be, for the completion of shells. */
  readonly values?: readonly string[];
}

/** An option of a command: `flags` in the form of commander, `--netns <name>`. */
export interface OptionSpec {
  readonly flags: string;
  readonly text: string;
}

/** A command line that works, and what it does. */
export interface Example {
  readonly line: string;
  readonly text: string;
}

/** A call of a command: its arguments, its options by their names in camel case, and where it writes. */
export interface Call {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly output: Output;
  /** All commands. */
  readonly commands: readonly CommandSpec[];
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Starts the work of a command. The work ends when the Observable completes; it may emit an exit code. */
export type Action = (call: Call) => Observable<ExitCode>;

/**
 * A command, as data: the parser, `--help`, the manual page and the completion are made of it.
 *
 * `load` imports the code of the command, so that no other command loads it.
 */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly Example[];
  /** Ctrl-C aborts `signal` only: the command has to take back what it did before it ends. */
  readonly endsItself?: boolean;
  readonly load: () => Promise<Action>;
}
