import { NetlinkError } from './netlink-error.js';

/**
 * A value cannot be encoded in the form that netlink or its schema requires; nothing was sent.
 *
 * For a typed request, `operation` is the name of the operation, and the text begins with it.
 *
 * @public
 */
export class EncodeError extends NetlinkError {
  /** The path of the attribute by names, e.g. `.linkinfo.data.id`, or by numbers; empty if the error concerns no attribute. */
  readonly path: string;
  readonly #reason: string;

  constructor(reason: string, path = '', operation?: string) {
    const place = [operation, path].filter((part) => part !== undefined && part !== '').map((part) => `${part}: `);
    super(`EENCODE ${place.join('')}${reason}`, { code: 'EENCODE', operation: operation ?? 'encode' });
    this.path = path;
    this.#reason = reason;
  }

  /** Returns a copy of the error with the operation, and with the path prefixed by a place. @internal */
  of(operation: string, place: string): EncodeError {
    return new EncodeError(this.#reason, `${place}${this.path}`, operation);
  }

  static {
    this.prototype.name = 'EncodeError';
  }
}
