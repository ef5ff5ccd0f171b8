import { NetlinkError } from './netlink-error.js';

/**
 * A message, an attribute or a value does not have the form that netlink or its schema requires.
 *
 * An unknown attribute or enum number is not an error: the decoder keeps it.
 *
 * @public
 */
export class DecodeError extends NetlinkError {
  /** The offset of the fault in the decoded bytes. */
  readonly offset: number;
  /** The path of the attribute, e.g. `.linkinfo.data`; empty if no schema was used. */
  readonly path: string;

  constructor(reason: string, offset: number, path = '') {
    super(`EDECODE ${path === '' ? '' : `${path}: `}${reason} (offset ${offset})`, { code: 'EDECODE', operation: 'decode' });
    this.offset = offset;
    this.path = path;
  }

  static {
    this.prototype.name = 'DecodeError';
  }
}
