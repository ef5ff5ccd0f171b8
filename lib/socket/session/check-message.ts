import { kindOf } from '../../check/index.js';
import type { MessageInit } from '../../wire/index.js';

/** @throws TypeError that begins with the name, and the index of a message in a list, if the value is not a message. @internal */
export function checkMessage(name: string, message: MessageInit, index?: number): void {
  const isObject = typeof message === 'object' && (message as unknown) !== null;
  if (isObject && (message as Partial<MessageInit>).type !== undefined) return;
  const place = index === undefined ? name : `${name}: [${index}]`;
  throw new TypeError(`${place}: expected a message, e.g. { type: 18 }, not ${isObject ? 'an object without type' : kindOf(message)}`);
}
