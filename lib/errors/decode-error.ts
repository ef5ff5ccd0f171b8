import { NetlinkError } from './netlink-error.js';

/**
 * Bytes do not have the form that netlink, or a schema, gives them.
 *
 * A value that is merely unknown (an attribute, an enum number) is not an error: it is kept.
 *
 * @public
 */
export class DecodeError extends NetlinkError {
  /** Where in the decoded bytes the fault lies. */
  readonly offset: number;
  /** The attribute by name, e.g. `.linkinfo.data`, where a schema was at work; else empty. */
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
