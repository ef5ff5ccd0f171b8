import { style, type Style } from './style.js';

/** A stream that a command writes to: `process.stdout` and `process.stderr`, or those of a spec. */
type Target = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** Where a command writes: lines on standard output, failures on standard error. */
export class Output {
  /** Aborted when the reader of the standard output has ended. */
  readonly closed: AbortSignal;
  /** Colours, if a person reads and NO_COLOR (https://no-color.org) is not set. */
  readonly style: Style;
  readonly #out: Target;
  readonly #errors: Target;
  readonly #atEnd: (() => void)[] = [];
  #hasFailed = false;

  constructor(out: Target, errors: Target, environment: Readonly<Record<string, string | undefined>>) {
    this.#out = out;
    this.#errors = errors;
    // Writes that were queued before the reader ended fail after the command has unsubscribed.
    out.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#hasFailed || error.code === 'EPIPE') return;
      this.#hasFailed = true;
      this.note(`rxnetlink: cannot write the output: ${error.message}`);
    });
    const closed = new AbortController();
    this.closed = closed.signal;
    for (const event of ['error', 'close'])
      out.once(event, () => {
        closed.abort();
      });
    this.style = style(out.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb');
  }

  /** The output is not complete, for another reason than that its reader has ended: a full disk. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** A person reads: the standard output is a terminal. */
  get isTerminal(): boolean {
    return this.#out.isTTY === true;
  }

  /** The width of the terminal in columns; undefined if there is none. */
  get columns(): number | undefined {
    return this.isTerminal ? (this.#out.columns ?? 80) : undefined;
  }

  /** The height of the terminal in rows; undefined if there is none. */
  get rows(): number | undefined {
    return this.isTerminal ? (this.#out.rows ?? 24) : undefined;
  }

  /** Calls a listener when the size of the terminal has changed; returns a function that ends it. */
  onResize(listener: () => void): () => void {
    this.#out.on('resize', listener);
    return () => {
      this.#out.off('resize', listener);
    };
  }

  /** Writes lines. */
  lines(lines: readonly string[]): void {
    if (lines.length > 0) this.text(`${lines.join('\n')}\n`);
  }

  /** Writes text as it is. */
  text(text: string): void {
    this.#out.write(text);
  }

  /** Writes a line to standard error: a failure, or what a person has to know now. */
  note(line: string): void {
    this.#errors.write(`${line}\n`);
  }

  /** Calls a function when the command ends, however it ends. */
  atEnd(task: () => void): void {
    this.#atEnd.push(task);
  }

  /** Runs the functions of {@link atEnd}. */
  end(): void {
    for (const task of this.#atEnd.splice(0)) task();
  }
}
