import { errnoName } from '../../errors/index.js';
import type { SystemFailure } from '../../socket/internal.js';
import type { NetworkReason } from './network-error.js';
import { REASONS } from './reasons.js';

/** The reason and the text of failures, by step and code, `open ENOENT`, or by code alone. @internal */
export type Meanings = Readonly<Record<string, readonly [reason: NetworkReason, text: string]>>;

/** A system call failed. The verb turns it into a `NetworkError` that names the object. @internal */
export class SystemError extends Error {
  readonly reason: NetworkReason;
  readonly code: string;
  readonly errno: number;

  constructor(reason: NetworkReason, text: string, errno: number) {
    const code = errnoName(errno);
    super(`${text} (${code})`);
    this.reason = reason;
    this.code = code;
    this.errno = errno;
  }
}

/** Returns the error of a failed step. @internal */
export function systemError({ step, errno }: SystemFailure, meanings: Meanings): SystemError {
  const code = errnoName(errno);
  const [reason, text] = meanings[`${step} ${code}`] ?? meanings[code] ?? [REASONS[code] ?? 'invalid', `step '${step}' failed`];
  return new SystemError(reason, text, errno);
}
