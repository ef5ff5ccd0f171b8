import type { CapturedDatagram } from '../../../testing/index.js';

/** A datagram of a log, with its place in the log. */
export interface LoggedDatagram extends Omit<CapturedDatagram, 'time' | 'direction'> {
  /** Milliseconds since 1970; undefined if the log has no such times. */
  readonly time?: number | undefined;
  /** Undefined if the log does not have it: the flags of the messages decide then. */
  readonly direction?: CapturedDatagram['direction'];
  /** The process that sent or received it, if the log names it. */
  readonly process?: number | undefined;
  /** Its place in the log, for errors: `line 3`. */
  readonly place: string;
}
