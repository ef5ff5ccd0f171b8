import { NetlinkError } from '../errors/index.js';

/**
 * A specification says what the generator does not understand, or contradicts itself.
 *
 * Nothing is left out in silence: whoever meets this has a file from a newer kernel, or a fault in it. The path leads to the
 * place, with names for list entries: `attribute-sets[link-attrs].attributes[mtu].type`.
 *
 * @public
 */
export class SpecError extends NetlinkError {
  /** The specification's file. */
  readonly file: string;
  /** Where in it. */
  readonly path: string;
  /** What is wrong there. */
  readonly reason: string;

  constructor(file: string, path: string, reason: string, cause?: unknown) {
    super(`ESPEC ${file}${path === '' ? '' : `: ${path}`}: ${reason}`, { code: 'ESPEC', operation: 'generate', cause });
    this.file = file;
    this.path = path;
    this.reason = reason;
  }

  static {
    this.prototype.name = 'SpecError';
  }
}
