/** The end of a command. */
export interface JobResult {
  /** Undefined if the command succeeded. */
  readonly fault: string | undefined;
  /** Standard output and standard error. */
  readonly output: string;
}

export class JobQueue {
  constructor(width: number);
  run(command: readonly string[], env: NodeJS.ProcessEnv, check: () => string | undefined): Promise<JobResult | undefined>;
}
