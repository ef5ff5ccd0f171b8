import type { KernelError } from '../../errors/index.js';
import type { Explanation } from '../common/translate-error.js';

/** Returns the meaning of what older kernels reject: until Linux 6.11, the upper byte of a weight is reserved. @internal */
export function explainNexthopError({ extendedAck: { message = '' } }: KernelError): Explanation | undefined {
  if (!message.startsWith('Reserved field')) return undefined;
  return { text: 'this kernel accepts weights up to 256', path: 'group', reason: 'unsupported' };
}
