import { MESSAGE_HEADER_SIZE, Message, iterateMessages, messageFlagsText, messageTypeText, type Datagram } from '../../wire/index.js';
import { hexText, hiddenHex, secretsIn } from '../../wire/internal.js';
import { isSecret } from '../../schema/internal.js';
import { secretLabel, secretProperties } from './secret-labels.js';

/**
 * Prints any value so that differences are visible: messages by their header, bytes as hex, typed values as literals.
 *
 * Equal output means equal values: keys are sorted, functions and symbols are compared by identity. Errors are compared by their
 * class and text, as test libraries do. Key material is printed as its length and a number that only equal bytes share.
 *
 * @public
 */
export function printValue(value: unknown): string {
  return printWith(value, secretProperties([value]));
}

/** Prints a value like {@link printValue}; properties of these names are key material. @internal */
export function printWith(value: unknown, secrets: ReadonlySet<string>): string {
  return print(value, { ancestors: [], secrets });
}

/** The context of a nested value. */
interface Place {
  readonly ancestors: readonly object[];
  readonly secrets: ReadonlySet<string>;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function print(value: unknown, place: Place): string {
  switch (typeof value) {
    case 'string':
      return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'function':
      return `function ${value.name}#${identity(value)}`;
    case 'object':
      return value === null ? 'null' : printObject(value, place);
    default:
      return String(value);
  }
}

function printObject(value: object, { ancestors, secrets }: Place): string {
  if (ancestors.includes(value)) return '<circular>';
  const inside = { ancestors: [...ancestors, value], secrets };
  if (isSecret(value)) return secretLabel(value);
  if (value instanceof Message) return printMessage(value);
  if (isDatagram(value)) return printDatagram(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (ArrayBuffer.isView(value)) {
    const bytes = hexText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), ' ');
    return value instanceof Uint8Array ? `<${bytes}>` : `${value.constructor.name} <${bytes}>`;
  }
  if (Array.isArray(value)) return `[${value.map((item) => print(item, inside)).join(', ')}]`;
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof Map) {
    return `Map {${[...value].map(([key, item]) => `${print(key, inside)} => ${print(item, inside)}`).join(', ')}}`;
  }
  if (value instanceof Set) return `Set {${[...value].map((item) => print(item, inside)).join(', ')}}`;
  const className = nameOfClass(value);
  const keys: (string | symbol)[] = Object.keys(value).sort();
  keys.push(...Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)));
  const printMember = (key: string | symbol): string => {
    const member = (value as Record<string | symbol, unknown>)[key];
    return typeof key === 'string' && secrets.has(key) && isPlain(member) ? secretLabel(member) : print(member, inside);
  };
  const entries = keys.map((key) => `${printKey(key)}: ${printMember(key)}`);
  return `${className}${entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`}`;
}

const NONE: ReadonlySet<string> = new Set();

/** Returns true for bytes, text and numbers; an object under the name of a secret is not one. */
function isPlain(value: unknown): boolean {
  return ArrayBuffer.isView(value) || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function printKey(key: string | symbol): string {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : printWith(key, NONE);
}

function nameOfClass(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return '';
  const { name } = value.constructor;
  return `${name === '' ? 'object' : name} `;
}

function identity(value: object): number {
  let number = identities.get(value);
  if (number === undefined) identities.set(value, (number = ++lastIdentity));
  return number;
}

function printMessage(message: Message): string {
  const { type, flags, sequence, portId, payload, origin } = message;
  const parts = [`type ${messageTypeText(type).startsWith('unknown') ? type : messageTypeText(type)}`];
  if (flags !== 0) parts.push(`flags ${messageFlagsText(flags)}`);
  parts.push(
    `sequence ${sequence}`,
    `port ${portId}`,
    ...printOrigin(origin),
    `<${hiddenHex(payload, MESSAGE_HEADER_SIZE, secretsIn(message), ' ')}>`,
  );
  return `message(${parts.join(' ')})`;
}

function printDatagram(datagram: Datagram): string {
  let inside: string;
  try {
    inside = [...iterateMessages(datagram.bytes)].map(printMessage).join(', ');
  } catch {
    inside = `<${hexText(datagram.bytes, ' ')}>`;
  }
  return `datagram(${[...printOrigin(datagram), inside].join(' ')})`;
}

function printOrigin({ sender, group, nsid, unsure }: Message['origin']): string[] {
  const parts: string[] = [];
  if (sender.portId !== 0) parts.push(`from ${sender.portId}`);
  if (group !== 0) parts.push(`group ${group}`);
  if (nsid !== undefined) parts.push(`nsid ${nsid}`);
  if (unsure === true) parts.push('unsure');
  return parts;
}

function isDatagram(value: object): value is Datagram {
  return 'bytes' in value && value.bytes instanceof Uint8Array && 'sender' in value && typeof value.sender === 'object' && 'group' in value;
}
