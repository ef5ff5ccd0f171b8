import { NetlinkError } from './netlink-error.js';

/**
 * A value cannot be written in the form that netlink, or a schema, demands; nothing was sent.
 *
 * Of a typed request, `operation` is its name, and the text begins with it.
 *
 * @public
 */
export class EncodeError extends NetlinkError {
  /** The attribute by name, e.g. `.linkinfo.data.id`, or by number; empty where there is none. */
  readonly path: string;
  readonly #reason: string;

  constructor(reason: string, path = '', operation?: string) {
    const place = [operation, path].filter((part) => part !== undefined && part !== '').map((part) => `${part}: `);
    super(`EENCODE ${place.join('')}${reason}`, { code: 'EENCODE', operation: operation ?? 'encode' });
    this.path = path;
    this.#reason = reason;
  }

  /** The same, of an operation and of its place among others. @internal */
  of(operation: string, place: string): EncodeError {
    return new EncodeError(this.#reason, `${place}${this.path}`, operation);
  }

  static {
    this.prototype.name = 'EncodeError';
  }
}
