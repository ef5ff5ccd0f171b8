import { closeSync, constants, openSync, readSync } from 'node:fs';

/** A line of the kernel's log, and the test during which it appeared. */
export interface LoggedLine {
  readonly text: string;
  readonly during: string;
}

/** The longest record of /dev/kmsg. */
const RECORD = 8192;

/** Reads the lines of the kernel's log that name this process. */
export class KernelLog {
  readonly lines: LoggedLine[] = [];
  readonly #quoted: readonly string[];
  readonly #record: Buffer = Buffer.alloc(RECORD);
  #descriptor: number | undefined;

  /**
   * Opens the log at its end.
   *
   * @param name - The name of the process in the log: at most 15 characters.
   * @throws the error of the file system if the log is not readable.
   */
  constructor(name: string) {
    // nlattr.c quotes the name in both ways.
    this.#quoted = [`\`${name}'`, `'${name}'`];
    this.#descriptor = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
    for (let line = this.#next(); line !== undefined; line = this.#next());
  }

  /** Reads the lines that appeared during a test. */
  read(during: string): void {
    for (let text = this.#next(); text !== undefined; text = this.#next()) {
      if (this.#quoted.some((name) => text.includes(name))) this.lines.push({ text, during });
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** Returns the next line without its prefix; undefined at the end. */
  #next(): string | undefined {
    while (this.#descriptor !== undefined) {
      try {
        const length = readSync(this.#descriptor, this.#record, 0, RECORD, null);
        const text = this.#record.toString('utf8', 0, length);
        return text.slice(text.indexOf(';') + 1).split('\n', 1)[0];
      } catch (error) {
        // EPIPE: the kernel has overwritten records that were not read.
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') continue;
        if (code === 'EAGAIN') return undefined;
        throw error;
      }
    }
    return undefined;
  }
}
