import { kindOf, suggestion } from '../../check/index.js';
import { Message, type MessageInit } from '../../wire/index.js';

/** @throws TypeError that begins with the name, and the index of a message in a list, if the value is not a message. @internal */
export function checkMessage(name: string, message: MessageInit, index?: number): void {
  const isObject = typeof message === 'object' && (message as unknown) !== null;
  if (!isObject || (message as Partial<MessageInit>).type === undefined) {
    const found = isObject ? 'an object without type' : kindOf(message);
    throw new TypeError(`${placeOf(name, index)}: expected a message, e.g. { type: 18 }, not ${found}`);
  }
  for (const property in message) if (!isKnown(property)) checkProperty(name, message, property, index);
}

const PROPERTIES: readonly (keyof MessageInit)[] = ['type', 'flags', 'sequence', 'portId', 'payload'];

/** Compares names, which V8 does faster than a look-up in a set: this runs for each request. The length of a received header is ignored. */
function isKnown(property: string): boolean {
  return (
    property === 'type' ||
    property === 'flags' ||
    property === 'payload' ||
    property === 'sequence' ||
    property === 'portId' ||
    property === 'length'
  );
}

/** @throws TypeError that names an unknown property. Received messages have further ones, those of a transaction a name for errors. */
function checkProperty(name: string, message: MessageInit, property: string, index: number | undefined): void {
  if (message instanceof Message || (name === 'transact' && property === 'operation')) return;
  throw new TypeError(
    `${placeOf(name, index)}: a message has no property '${property}'; there are ${PROPERTIES.join(', ')}${suggestion(property, PROPERTIES, '; ')}`,
  );
}

function placeOf(name: string, index: number | undefined): string {
  return index === undefined ? name : `${name}: [${index}]`;
}
