import { DecodeError } from '../errors/index.js';
import { alignLength } from './align.js';
import { AttributeReader, type Attribute } from './attribute-reader.js';
import { hostIsLittleEndian } from './byte-order.js';
import { MESSAGE_HEADER_SIZE, type MessageHeader } from './message.js';
import { MessageFlags } from './message-flags.js';
import { MessageType } from './message-type.js';
import { isWithin, secretsIn, type ByteRange } from './secret-ranges.js';

/** What a describer knows about an attribute. @public */
export interface AttributeDescription {
  /** Its name, printed behind its line. */
  readonly name: string;
  /** True where its payload is attributes although it is not flagged so. */
  readonly nested?: boolean;
}

/** How to print a message. @public */
export interface MessageBoxOptions {
  /**
   * Size of the struct in front of the attributes, e.g. 16 for links; left out, the payload is printed without a look inside.
   */
  readonly fixedHeaderSize?: number | undefined;
  /** Names an attribute, given the types that lead to it, outermost first; undefined where it has no name. */
  readonly describe?: ((types: readonly number[]) => AttributeDescription | undefined) | undefined;
  /**
   * Colours for a terminal.
   * @defaultValue false
   */
  readonly color?: boolean;
}

/** The attributes of an extended ack (`enum nlmsgerr_attrs`); the family's own names do not apply there. */
const ACK_NAMES = [undefined, 'message', 'offset', 'cookie', 'policy', 'missing type', 'missing nest'];

type Describe = NonNullable<MessageBoxOptions['describe']>;

const RULE = '----------------\t------------------\n';
const DATA = '      data      ';
const EXTRA_HEADER = '  extra header  ';
const ERROR_NUMBER = '  error number  ';
const ECHO = ' echoed request ';

/** Where colours are wanted: length red, flags green, type blue, as the layout's readers know them. */
const COLORS = { length: 31, flags: 32, type: 34 } as const;

/**
 * Prints a message as a box: header fields, then attributes and data, four bytes a line.
 *
 * The layout is the one that the C library libmnl made familiar. What follows a broken attribute is printed as data: a
 * trace never fails. Key material that a typed client has declared is printed as asterisks.
 *
 * ```text
 * |  0000000032  |	| message length |
 * | 00018 | R-A- |	|  type | flags  |
 * ```
 *
 * @param message - Anything with a header's fields and a payload.
 * @returns Lines, each with its line end.
 * @public
 */
export function messageBox(message: MessageHeader & { readonly payload: Uint8Array }, options: MessageBoxOptions = {}): string {
  const { payload, type, flags } = message;
  const box = new Box(options, payload, secretsIn(message));
  box.header(message);
  if (type === MessageType.Error) printError(box, payload, flags);
  else if (type === MessageType.Done) printDone(box, payload, flags);
  else if (type < MessageType.Minimum || options.fixedHeaderSize === undefined) box.rows(payload, 0, payload.length, DATA);
  else {
    const start = Math.min(options.fixedHeaderSize, payload.length);
    box.rows(payload, 0, start, EXTRA_HEADER);
    box.attributes(payload, start, options.describe);
  }
  return box.end();
}

/** Error number, the request as far as it is echoed, extended-ack attributes. */
function printError(box: Box, payload: Uint8Array, flags: number): void {
  const echo = Math.min(4, payload.length);
  box.rows(payload, 0, echo, ERROR_NUMBER);
  let end = payload.length;
  if ((flags & MessageFlags.AckAttributes) !== 0 && payload.length >= echo + MESSAGE_HEADER_SIZE) {
    const echoed = new DataView(payload.buffer, payload.byteOffset).getUint32(echo, hostIsLittleEndian);
    end = Math.min(echo + ((flags & MessageFlags.Capped) !== 0 ? MESSAGE_HEADER_SIZE : alignLength(Math.min(echoed, end))), end);
  }
  box.rows(payload, echo, end, ECHO);
  box.attributes(payload, end, describeAck);
}

function printDone(box: Box, payload: Uint8Array, flags: number): void {
  const end = (flags & MessageFlags.AckAttributes) === 0 ? payload.length : Math.min(4, payload.length);
  box.rows(payload, 0, Math.min(4, end), ERROR_NUMBER);
  box.rows(payload, 4, end, DATA);
  box.attributes(payload, end, describeAck);
}

function describeAck(types: readonly number[]): AttributeDescription | undefined {
  const name = types.length === 1 ? ACK_NAMES[types[0]!] : undefined;
  return name === undefined ? undefined : { name };
}

/** The text as it grows. */
class Box {
  #text = RULE;
  readonly #color: boolean;
  readonly #secrets: readonly ByteRange[];
  /** Where the message's header starts in the memory that all views of its payload share. */
  readonly #origin: number;

  constructor({ color = false }: MessageBoxOptions, payload: Uint8Array, secrets: readonly ByteRange[]) {
    this.#color = color;
    this.#secrets = secrets;
    this.#origin = payload.byteOffset - MESSAGE_HEADER_SIZE;
  }

  header({ length, type, flags, sequence, portId }: MessageHeader): void {
    const letters = [
      (flags & MessageFlags.Request) === 0 ? '-' : 'R',
      (flags & MessageFlags.Multi) === 0 ? '-' : 'M',
      (flags & MessageFlags.Ack) === 0 ? '-' : 'A',
      (flags & MessageFlags.Echo) === 0 ? '-' : 'E',
    ].join('');
    this.#text +=
      `|  ${digits(length, 10)}  |\t| message length |\n` +
      `| ${digits(type, 5)} | ${letters} |\t|  type | flags  |\n` +
      `|  ${digits(sequence, 10)}  |\t| sequence number|\n` +
      `|  ${digits(portId, 10)}  |\t|     port ID    |\n` +
      RULE;
  }

  /** Four bytes a line, with their characters where `label` says that they are data; key material as asterisks. */
  rows(bytes: Uint8Array, start: number, end: number, label: string): void {
    const origin = bytes.byteOffset - this.#origin;
    for (let offset = start; offset < end; offset += 4) {
      let hex = '';
      let characters = '';
      for (let index = offset; index < offset + 4; index++) {
        // The padding behind the last bytes is zero by rule, even where a datagram ends without it.
        const byte = index < end ? bytes[index]! : 0;
        const hidden = index < end && isWithin(origin + index, this.#secrets);
        hex += ` ${hidden ? '**' : digits(byte, 2, 16)}`;
        characters += ` ${hidden ? '*' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ' '}`;
      }
      this.#text += `|${hex}  |\t|${label}|${label === DATA ? `\t${characters}` : ''}\n`;
    }
  }

  /** Attributes as far as they are sound, then data. */
  attributes(bytes: Uint8Array, start: number, describe?: Describe): void {
    let end = start;
    try {
      for (const attribute of new AttributeReader(bytes, { start })) {
        this.#attribute(attribute, [], describe);
        end = alignLength(attribute.offset - start + attribute.payloadLength) + start;
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.rows(bytes, end, bytes.length, DATA);
    }
  }

  end(): string {
    return this.#text.endsWith(RULE) ? this.#text : this.#text + RULE;
  }

  #attribute(attribute: Attribute, outer: readonly number[], describe?: Describe): void {
    const types = [...outer, attribute.type];
    const description = describe?.(types);
    const flags = `${attribute.nested ? 'N' : '-'}${attribute.networkByteOrder ? 'B' : '-'}`;
    this.#text +=
      `|${this.#paint('length', digits(attribute.payloadLength + 4, 5))}|${this.#paint('flags', flags)}` +
      `|${this.#paint('type', digits(attribute.type, 5))}|\t|len |flags| type|${description === undefined ? '' : `\t${description.name}`}\n`;
    const children = attribute.nested || description?.nested === true ? nestedIn(attribute) : undefined;
    if (children === undefined) this.rows(attribute.payload, 0, attribute.payloadLength, DATA);
    else for (const child of children) this.#attribute(child, types, describe);
  }

  #paint(part: keyof typeof COLORS, text: string): string {
    return this.#color ? `\u001b[1;${COLORS[part]}m${text}\u001b[0m` : text;
  }
}

/** What is in a nest; undefined where it does not hold attributes. */
function nestedIn(attribute: Attribute): Attribute[] | undefined {
  try {
    return [...attribute.attributes()];
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function digits(value: number, width: number, radix = 10): string {
  return value.toString(radix).padStart(width, '0');
}
