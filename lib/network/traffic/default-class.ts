import { FieldError } from '../common/field-error.js';
import { plain, type Option } from '../fields/option.js';
import { handle, handleText, parseHandle, type Handle } from './handle.js';
import type { KindContext } from './kind.js';

/** The class of packets that no filter matches; the engine has its minor number. @internal */
export const defaultClass: Option = { ...plain('defaultClass', handle), write: (value) => parseHandle(value as string) & 0xffff };

/** @throws FieldError if a default class is not a class of its qdisc. @internal */
export function checkDefaultClass(wanted: unknown, context: KindContext): void {
  if (typeof wanted !== 'string') return;
  const number = parseHandle(wanted);
  if (context.handle === undefined) throw new FieldError('defaultClass', 'needs the handle of the qdisc beside it');
  if (number >>> 16 === context.handle >>> 16 && (number & 0xffff) !== 0) return;
  throw new FieldError('defaultClass', `expected a class of the qdisc, such as '${handleText(context.handle)}10', not '${wanted}'`);
}

/** Returns the handle of the class with a minor number; undefined for 0, which means none. @internal */
export function defaultClassOf(minor: number, context: KindContext): Handle | undefined {
  const major = (context.handle ?? 0) & 0xffff_0000;
  return minor === 0 ? undefined : handleText((major | minor) >>> 0);
}
