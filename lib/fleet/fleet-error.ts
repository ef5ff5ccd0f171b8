import { NetlinkError } from '../errors/index.js';

/** Why an agent, a reader or a remote socket of a fleet ended. @public */
export type FleetErrorReason =
  /** The server lacks JetStream, or is older than 2.10. */
  | 'server'
  /** A stream has settings that an agent or a reader cannot work with. */
  | 'stream'
  /** The server rejected a subject: the account lacks a permission. */
  | 'permission'
  /** Another agent of the same host started later. */
  | 'replaced'
  /** The host was removed from the fleet by `forgetHost()` while its agent ran. */
  | 'forgotten'
  /** The fleet has no such host. */
  | 'unknown'
  /** The agent of the host runs. */
  | 'running'
  /** A snapshot does not fit in a message; more shards are needed. */
  | 'size'
  /** The connection to the server was closed. */
  | 'closed'
  /** The host does not answer. */
  | 'silent'
  /** The policy of the host does not allow it. */
  | 'policy';

/** An error of a fleet; the message names the host, the table or the stream, and what to do. @public */
export class FleetError extends NetlinkError {
  /** The category of the error. */
  readonly reason: FleetErrorReason;

  constructor(
    message: string,
    reason: FleetErrorReason,
    options: { readonly code?: string; readonly errno?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { code: 'EFLEET', operation: 'fleet', ...options });
    this.reason = reason;
  }

  static {
    this.prototype.name = 'FleetError';
  }
}
