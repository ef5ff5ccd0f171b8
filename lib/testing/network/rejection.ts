import type { ErrnoName } from '../../errors/index.js';

/** The kernel's rejection of a request: an error number, and the text of its extended ack if it has one. @internal */
export class Rejection extends Error {
  readonly errno: ErrnoName;
  readonly text: string | undefined;

  constructor(errno: ErrnoName, text?: string) {
    super(text ?? errno);
    this.errno = errno;
    this.text = text;
  }
}
