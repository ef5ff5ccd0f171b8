/** The exit codes of the command. 64 is EX_USAGE of sysexits.h, 130 is what a shell reports for a program that Ctrl-C ended. */
export const ExitCode = {
  Success: 0,
  Failure: 1,
  Different: 2,
  Usage: 64,
  Interrupted: 130,
} as const;

/** An exit code: one of these, or that of a program that a command has run. */
export type ExitCode = number;
