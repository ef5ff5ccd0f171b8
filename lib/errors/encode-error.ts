import { NetlinkError } from './netlink-error.js';

/**
 * A value cannot be written in the form that netlink, or a schema, demands; nothing was sent.
 *
 * @public
 */
export class EncodeError extends NetlinkError {
  /** The attribute by name, e.g. `.linkinfo.data.id`, or by number; empty where there is none. */
  readonly path: string;

  constructor(reason: string, path = '') {
    super(`EENCODE ${path === '' ? '' : `${path}: `}${reason}`, { code: 'EENCODE', operation: 'encode' });
    this.path = path;
  }

  static {
    this.prototype.name = 'EncodeError';
  }
}
