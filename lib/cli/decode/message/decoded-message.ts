import type { OperationMode } from '../../../schema/index.js';

/** The role of a message in the conversation between a program and the kernel. */
export type MessageKind = 'request' | 'reply' | 'notification' | 'ack' | 'error' | 'done' | 'noop' | 'overrun' | 'text' | 'unknown';

/** An attribute that no descriptor has, or whose bytes do not fit it. */
export interface UnnamedAttribute {
  /** The object that has it, `.linkinfo`; empty for the message itself. */
  readonly path: string;
  readonly type: number;
  readonly bytes: string;
}

/** The kernel's error or warning. */
export interface ReportedError {
  readonly code: string;
  readonly errno: number;
  readonly message: string;
  readonly extendedAck?: unknown;
}

/** A message of a log in words: one object of `--json`. */
export interface DecodedMessage {
  /** Milliseconds since 1970. */
  readonly time?: number | undefined;
  readonly process?: number | undefined;
  readonly direction: 'sent' | 'received';
  /** The name of the netlink protocol, or its number. */
  readonly protocol: string;
  readonly kind: MessageKind;
  /** The family of the message; of an ack or an error, that of its request. */
  readonly family?: string | undefined;
  readonly operation?: string | undefined;
  readonly mode?: Extract<OperationMode, 'do' | 'dump'> | undefined;
  readonly type: number;
  readonly flags: readonly string[];
  readonly sequence: number;
  readonly portId: number;
  /** The multicast group, if the kernel sent it to one and the log names it. */
  readonly group?: number | undefined;
  readonly value?: unknown;
  /** The attributes that have no name. */
  readonly unknown?: readonly UnnamedAttribute[] | undefined;
  readonly error?: ReportedError | undefined;
  /** The payload, if there is no descriptor for it. */
  readonly payload?: string | undefined;
  /** Why the payload could not be decoded. */
  readonly fault?: string | undefined;
}
