import { errnoName } from './errno.js';
import { NetlinkError } from './netlink-error.js';

/** The attributes with which the kernel explains an ack (`NLMSGERR_ATTR_*`). @public */
export interface ExtendedAck {
  /** The kernel's message (`NLMSGERR_ATTR_MSG`). */
  readonly message?: string;
  /** The start of the offending attribute, in bytes from the request's header (`NLMSGERR_ATTR_OFFS`). */
  readonly offset?: number;
  /** The type of the attribute at `offset`. */
  readonly attributeType?: number;
  /** The path of the attribute at `offset`, e.g. `.linkinfo.data.id`; only from typed families. */
  readonly attributePath?: string;
  /** The type of an attribute that the request lacks (`NLMSGERR_ATTR_MISS_TYPE`). */
  readonly missingType?: number;
  /** The path of the attribute that the request lacks; only from typed families. */
  readonly missingPath?: string;
  /** The offset of the nest that lacks it (`NLMSGERR_ATTR_MISS_NEST`); absent if the message itself lacks it. */
  readonly missingNest?: number;
  /** The policy that the value violates, as encoded attributes (`NLMSGERR_ATTR_POLICY`). */
  readonly policy?: Uint8Array;
  /** Data that the family returns on success (`NLMSGERR_ATTR_COOKIE`). */
  readonly cookie?: Uint8Array;
}

/** The fields of a {@link KernelError}. @public */
export interface KernelErrorOptions {
  /** The number of the ERROR or DONE message: negative, except by a mistake of the kernel. */
  readonly errno: number;
  /** The name of the operation, or `type 18` for a raw request. */
  readonly operation: string;
  /** The extended ack; `{}` if the kernel sent none. */
  readonly extendedAck?: ExtendedAck;
  /** A copy of the rejected request, header included. */
  readonly request?: Uint8Array | undefined;
  /** The object that the request names: `interface 'eth9'`. */
  readonly object?: string | undefined;
  /** The symbolic name, if the family has error numbers of its own: `IPSET_ERR_EXIST`. Linux's name if omitted. */
  readonly code?: string | undefined;
  /** The names that are possible, if a family's number has several meanings and the request does not decide; `code` joins them. */
  readonly codes?: readonly string[] | undefined;
  /** The meaning of such a number in words. The text of an error shows it if the kernel sent no message. */
  readonly meaning?: string | undefined;
  /** The remedy, if known: `needs CAP_NET_ADMIN`. */
  readonly advice?: string | undefined;
}

/**
 * The kernel rejected a request.
 *
 * Raised when an ack, or the DONE of a dump, carries an error. Lost messages are an {@link OverrunError}; malformed
 * bytes are a {@link DecodeError}. Test `code`, not `message`: the kernel's text may change with its version.
 *
 * @example Treat an object that exists already as success
 * ```ts
 * catchError((error) => (isKernelError(error, 'EEXIST') ? EMPTY : throwError(() => error)))
 * ```
 * @public
 */
export class KernelError extends NetlinkError {
  /** The name of the operation, or `type 18` for a raw request. */
  declare readonly operation: string;
  /** The extended ack; empty if the kernel sent none. */
  readonly extendedAck: ExtendedAck;
  /** A copy of the rejected request, header included; undefined if it is not known. If it holds key material, texts show its length only. */
  readonly request: Uint8Array | undefined;
  /** The object that the request names: `interface 'eth9'`. Only from typed families; undefined if the request names none. */
  readonly object: string | undefined;
  /**
   * The symbolic names that are possible: `[code]`, or several if a family's number has several meanings and the request does not decide
   * (`IPSET_ERR_BITMAP_RANGE`, `IPSET_ERR_HASH_FULL`). {@link isKernelError} tests all of them.
   */
  readonly codes: readonly string[];

  constructor(options: KernelErrorOptions) {
    const extendedAck = options.extendedAck ?? {};
    const code = codeOf(options);
    super(describe({ ...options, code }, extendedAck), { ...options, code });
    this.extendedAck = extendedAck;
    this.request = options.request;
    this.object = options.object;
    this.codes = options.codes ?? [this.code];
    // Not enumerable: `code` contains the same.
    Object.defineProperty(this, 'codes', { enumerable: false });
    if (options.object === undefined) Object.defineProperty(this, 'object', { enumerable: false });
    // Not enumerable: the message already describes the request, and the bytes would fill a log.
    Object.defineProperty(this, 'request', { enumerable: false });
  }

  static {
    this.prototype.name = 'KernelError';
  }
}

/**
 * Tests whether an error is a {@link KernelError}, optionally with one code.
 *
 * @param error - The value to test, e.g. what `catchError` received.
 * @param code - The symbolic name to require, e.g. `'EEXIST'`. It may be one of several possible ones: see {@link KernelError.codes}.
 * @public
 */
export function isKernelError(error: unknown, code?: string): error is KernelError {
  return error instanceof KernelError && (code === undefined || error.code === code || error.codes.includes(code));
}

/** Returns the symbolic name. The kernel sends a positive number by mistake, which is not a number of Linux: ipset sends 1 for hash:ip,mac. */
function codeOf({ errno, code }: KernelErrorOptions): string {
  return code ?? (errno > 0 ? `E+${errno}` : errnoName(errno));
}

function describe(options: KernelErrorOptions & { readonly code: string }, extendedAck: ExtendedAck): string {
  const { errno, operation, object, advice, code } = options;
  const meaning = options.meaning ?? (errno > 0 ? 'the kernel reported a positive number, which names no error' : undefined);
  const { attributePath, message = meaning } = extendedAck;
  const explanation = [attributePath, message].filter((part) => part !== undefined).join(' ');
  const subject = [object, explanation].filter((part) => part !== undefined && part !== '').join(': ');
  const notes = [...locations(extendedAck), ...(advice === undefined ? [] : [advice])].join('; ');
  return `${code} ${operation}${subject === '' ? '' : `: ${subject}`}${notes === '' ? '' : ` (${notes})`}`;
}

function locations({ attributePath, attributeType, offset, missingType, missingPath, missingNest }: ExtendedAck): string[] {
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
