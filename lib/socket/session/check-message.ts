import { kindOf } from '../../check/index.js';
import type { MessageInit } from '../../wire/index.js';

/** @throws TypeError that begins with the name, and with the index of one of many, if it cannot be a message. @internal */
export function checkMessage(name: string, message: MessageInit, index?: number): void {
  const isObject = typeof message === 'object' && (message as unknown) !== null;
  if (isObject && (message as Partial<MessageInit>).type !== undefined) return;
  const place = index === undefined ? name : `${name}: [${index}]`;
  throw new TypeError(`${place}: a message such as { type: 18 } is needed, not ${isObject ? 'an object without type' : kindOf(message)}`);
}
