import { NetlinkError } from '../errors/index.js';

/**
 * The error for a specification that the generator does not support, or that contradicts itself.
 *
 * The generator never omits anything silently: the file is from a newer kernel, or has a mistake. The path names the place, with
 * the names of list entries: `attribute-sets[link-attrs].attributes[mtu].type`.
 *
 * @public
 */
export class SpecError extends NetlinkError {
  /** The name of the file. */
  readonly file: string;
  /** The path to the place in the file; empty for the whole file. */
  readonly path: string;
  /** The mistake at that place. */
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
