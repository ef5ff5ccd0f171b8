import { errnoName } from './errno.js';
import { NetlinkError } from './netlink-error.js';

/** What the kernel adds to an ack to explain it (`NLMSGERR_ATTR_*`). @public */
export interface ExtendedAck {
  /** The kernel's own words (`NLMSGERR_ATTR_MSG`). */
  readonly message?: string;
  /** Where in the request the offending attribute starts, in bytes from its header (`NLMSGERR_ATTR_OFFS`). */
  readonly offset?: number;
  /** The type at `offset`; a number as long as no schema gave it a name. */
  readonly attributeType?: number;
  /** The attribute at `offset` by name, e.g. `.linkinfo.data.id`; only from typed families. */
  readonly attributePath?: string;
  /** Type of an attribute that the request lacks (`NLMSGERR_ATTR_MISS_TYPE`). */
  readonly missingType?: number;
  /** The same by name; only from typed families. */
  readonly missingPath?: string;
  /** Offset of the nest that lacks it (`NLMSGERR_ATTR_MISS_NEST`); absent: the message itself. */
  readonly missingNest?: number;
  /** What the kernel would have accepted, encoded attributes (`NLMSGERR_ATTR_POLICY`). */
  readonly policy?: Uint8Array;
  /** Data of the family on success (`NLMSGERR_ATTR_COOKIE`). */
  readonly cookie?: Uint8Array;
}

/** What a {@link KernelError} is made of. @public */
export interface KernelErrorOptions {
  /** Negative error number from the ERROR or DONE message. */
  readonly errno: number;
  /** What was asked: an operation's name, or `type 18`. */
  readonly operation: string;
  /** What the kernel added; `{}` when nothing. */
  readonly extendedAck?: ExtendedAck;
  /** A copy of the refused request, header included. */
  readonly request?: Uint8Array | undefined;
  /** What the request was about: `interface 'eth9'`. */
  readonly object?: string | undefined;
  /** What to do about it, where that is known: `needs CAP_NET_ADMIN`. */
  readonly advice?: string | undefined;
}

/**
 * The kernel refused a request.
 *
 * Raised when an ack, or the DONE of a dump, carries an error. Lost messages are an {@link OverrunError}; malformed
 * bytes are a {@link DecodeError}. Test `code`, not `message`: the text comes from the kernel and changes.
 *
 * @example Treat "already there" as success
 * ```ts
 * catchError((error) => (isKernelError(error, 'EEXIST') ? EMPTY : throwError(() => error)))
 * ```
 * @public
 */
export class KernelError extends NetlinkError {
  declare readonly operation: string;
  /** What the kernel added to explain itself; empty when it said nothing. */
  readonly extendedAck: ExtendedAck;
  /** A copy of the refused request, header included, if it is known. If it holds key material, texts show its length only. */
  readonly request: Uint8Array | undefined;
  /** What the request was about, as the text names it: `interface 'eth9'`. Only from typed families; undefined if the request names nothing. */
  readonly object: string | undefined;

  constructor(options: KernelErrorOptions) {
    const extendedAck = options.extendedAck ?? {};
    super(describe(options, extendedAck), options);
    this.extendedAck = extendedAck;
    this.request = options.request;
    this.object = options.object;
    if (options.object === undefined) Object.defineProperty(this, 'object', { enumerable: false });
    // A logged error is for people: the message says what these bytes say.
    Object.defineProperty(this, 'request', { enumerable: false });
  }

  static {
    this.prototype.name = 'KernelError';
  }
}

/**
 * Tells whether an error is a kernel's refusal, and of one kind.
 *
 * @param error - Anything caught.
 * @param code - Only this symbolic name, e.g. `'EEXIST'`.
 * @public
 */
export function isKernelError(error: unknown, code?: string): error is KernelError {
  return error instanceof KernelError && (code === undefined || error.code === code);
}

function describe({ errno, operation, object, advice }: KernelErrorOptions, extendedAck: ExtendedAck): string {
  const { attributePath, message } = extendedAck;
  const words = [attributePath, message].filter((part) => part !== undefined).join(' ');
  const said = [object, words].filter((part) => part !== undefined && part !== '').join(': ');
  const notes = [...whereabouts(extendedAck), ...(advice === undefined ? [] : [advice])].join('; ');
  return `${errnoName(errno)} ${operation}${said === '' ? '' : `: ${said}`}${notes === '' ? '' : ` (${notes})`}`;
}

function whereabouts({ attributePath, attributeType, offset, missingType, missingPath, missingNest }: ExtendedAck): string[] {
  const parts: string[] = [];
  if (offset !== undefined && attributePath === undefined) {
    parts.push(attributeType === undefined ? `offset ${offset}` : `attribute ${attributeType} at offset ${offset}`);
  }
  if (missingPath !== undefined) parts.push(`missing ${missingPath}`);
  else if (missingType !== undefined) {
    parts.push(`missing attribute ${missingType}${missingNest === undefined ? '' : ` in the nest at offset ${missingNest}`}`);
  }
  return parts;
}
