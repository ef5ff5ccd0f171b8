import { isNetworkError, NetworkError, type NetworkReason } from '../../common/network-error.js';
import type { Plan, PlanDifference } from '../plan/plan.js';

/** The fields of an {@link ApplyError}. @internal */
export interface ApplyErrorOptions {
  readonly verb: string;
  readonly plan: Plan | undefined;
  readonly done: readonly PlanDifference[];
  readonly undone: boolean;
  readonly left: readonly PlanDifference[];
  readonly cause: unknown;
  /** True if nothing was to be undone: it failed before the first write, or the caller wants no undoing. */
  readonly isKept?: boolean;
  /** The error that ended the undoing. */
  readonly undoing?: unknown;
}

/**
 * `apply` failed.
 *
 * `cause` is the failure. If `undone` is true, the namespace is as it was before. Otherwise `left` lists how it differs from that, or
 * with `onFailure: 'stop'`, what is still to be written.
 *
 * @public
 */
export class ApplyError extends NetworkError {
  /** The plan that was applied; undefined if it ended before there was one. */
  readonly plan: Plan | undefined;
  /** The changes that were made before the failure. */
  readonly done: readonly PlanDifference[];
  /** True if all changes were taken back. */
  readonly undone: boolean;
  /** The differences that are left. */
  readonly left: readonly PlanDifference[];

  /** @internal */
  constructor({ verb, plan, done, undone, left, cause, isKept = false, undoing }: ApplyErrorOptions) {
    const { reason, path, code, errno } = factsOf(cause);
    const result = undoing === undefined ? consequence(done, undone, left, isKept) : `; undoing it failed: ${textOf(undoing, verb)}`;
    super({ reason, path, code, errno, cause, verb, subject: 'document', text: `${textOf(cause, verb)}${result}` });
    this.plan = plan;
    this.done = done;
    this.undone = undone;
    this.left = left;
  }

  static {
    this.prototype.name = 'ApplyError';
  }
}

/** Tests whether an error is an {@link ApplyError}. @public */
export function isApplyError(error: unknown): error is ApplyError {
  return error instanceof ApplyError;
}

/** The document was not applied to the end because its subscriber, a signal or a limit ended it. @internal */
export class Cancelled extends Error {
  readonly reason: NetworkReason;

  constructor(reason: 'cancelled' | 'timeout', text: string, cause?: unknown) {
    super(text, { cause });
    this.reason = reason;
  }
}

function factsOf(cause: unknown): {
  readonly reason: NetworkReason;
  readonly path?: string | undefined;
  readonly code?: string;
  readonly errno?: number | undefined;
} {
  if (cause instanceof Cancelled) return { reason: cause.reason };
  if (!isNetworkError(cause)) return { reason: 'invalid' };
  const { reason, path, code, errno } = cause;
  return { reason, path, code, errno };
}

/** Returns the text of the cause; that of an object with its place in the document. */
function textOf(cause: unknown, verb: string): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const own = `cannot ${verb} document: `;
  if (message.startsWith(own)) return message.slice(own.length);
  const { path = '' } = isNetworkError(cause) ? cause : {};
  return path === '' ? message : `${path}: ${message}`;
}

function consequence(done: readonly PlanDifference[], undone: boolean, left: readonly PlanDifference[], isKept: boolean): string {
  if (isKept) return done.length === 0 ? '' : `; ${done.length} changes were made and stay`;
  if (undone) return done.length === 0 ? '; nothing was changed' : '; all changes were undone';
  const more = left.length > 3 ? ` and ${left.length - 3} more` : '';
  return `; not undone: ${left
    .slice(0, 3)
    .map(({ text }) => text)
    .join(', ')}${more}`;
}
