import type { KernelError } from '../../errors/index.js';
import type { Explanation } from '../common/translate-error.js';

/** Returns the meaning of what kernels before Linux 6.12 reject: the upper byte of a weight is reserved, and 255 is not a weight. @internal */
export function explainNexthopError({ extendedAck: { message = '' } }: KernelError): Explanation | undefined {
  if (!/^Reserved fields? in nexthop_grp|^Invalid value for weight/.test(message)) return undefined;
  return { text: 'this kernel accepts weights up to 255', path: 'group', reason: 'unsupported' };
}
