import { isKernelError, KernelError } from '../../../errors/index.js';
import { FieldError } from '../../common/field-error.js';
import { isNetworkError, NetworkError } from '../../common/network-error.js';
import { translateError } from '../../common/translate-error.js';
import { explained } from '../../tables/network-table.js';
import type { RequestStep } from '../../tables/step.js';
import { joined } from '../parse/path.js';
import type { Half } from './change-steps.js';
import type { SiteChange } from '../site.js';

/** Codes with which the kernel rejects the deletion of an object that does not exist. */
const GONE: readonly string[] = ['ESRCH', 'ENOENT', 'EADDRNOTAVAIL', 'ENODEV'];

/** Codes of a write that may be right, but does not fit the present state: another process may have changed it. */
const RACES: readonly string[] = [...GONE, 'EEXIST', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN'];

/** Returns true if an error means that another process, or the kernel itself, was faster to delete the object. @internal */
export function isGone(half: Half, error: unknown): boolean {
  return half === 'remove' && error instanceof KernelError && GONE.includes(error.code);
}

/** Returns true if an error may be the consequence of a write by another process, so that a new plan may have none. @internal */
export function isRace(error: unknown): boolean {
  const cause = error instanceof Error && !(error instanceof KernelError) ? (error.cause ?? error) : error;
  if (cause instanceof FieldError) return cause.reason === 'missing';
  return RACES.some((code) => isKernelError(cause, code));
}

/** Returns an error with the whole path of the property in the document. */
function withPlace(error: Error, place: string): Error {
  if (!isNetworkError(error)) return error;
  const { reason, subject, operation: verb = '', message, path = '', code, errno, cause } = error;
  const text = message.slice(`cannot ${verb} ${subject}: `.length);
  return new NetworkError({ reason, subject, verb, text, path: joined(place, path), code, errno, cause });
}

/** Returns the error of a change, with the object and its place in the document. @internal */
export function changeError({ site, change }: SiteChange, half: Half, error: unknown, step?: RequestStep): Error {
  const { missing, exists, explain, noun, nameOf } = site.models[change.table];
  const subject = (): string =>
    `${noun} ${nameOf((change.wanted ?? change.before) as never)}${site.netns === undefined ? '' : ` in ${site.netns}`}`;
  const verb = half === 'remove' ? 'delete' : change.action === 'change' ? 'change' : 'add';
  return withPlace(translateError(explained(step, error), { verb, subject, missing, exists, explain }) as Error, change.path);
}
