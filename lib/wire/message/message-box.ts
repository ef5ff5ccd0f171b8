import { DecodeError } from '../../errors/index.js';
import { alignLength } from '../align.js';
import { AttributeReader, type Attribute } from '../attribute/attribute-reader.js';
import { hostIsLittleEndian } from '../byte-order.js';
import { HEX_PAIRS } from '../hex-pairs.js';
import { MESSAGE_HEADER_SIZE, type MessageHeader } from './message.js';
import { MessageFlags } from './message-flags.js';
import { MessageType } from './message-type.js';
import { isWithin, secretsIn, type ByteRange } from '../secret-ranges.js';

/** The description of an attribute. @public */
export interface AttributeDescription {
  /** The name, printed at the end of its line. */
  readonly name: string;
  /** True if its payload contains attributes although it lacks the nested flag. */
  readonly nested?: boolean;
}

/** Options of {@link messageBox}. @public */
export interface MessageBoxOptions {
  /**
   * Size of the struct before the attributes, e.g. 16 for links. If omitted, the payload is printed as data.
   */
  readonly fixedHeaderSize?: number | undefined;
  /** Returns the description of an attribute by the types on its path, outermost first; undefined if it has none. */
  readonly describe?: ((types: readonly number[]) => AttributeDescription | undefined) | undefined;
  /**
   * Colours for a terminal.
   * @defaultValue false
   */
  readonly color?: boolean;
}

/** The attributes of an extended ack (`enum nlmsgerr_attrs`), to which the family's names do not apply. */
const ACK_NAMES = [undefined, 'message', 'offset', 'cookie', 'policy', 'missing type', 'missing nest'];

type Describe = NonNullable<MessageBoxOptions['describe']>;

const RULE = '----------------\t------------------\n';
const DATA = '      data      ';
const EXTRA_HEADER = '  extra header  ';
const ERROR_NUMBER = '  error number  ';
const ECHO = ' echoed request ';

/** ANSI colours as in libmnl: length red, flags green, type blue. */
const COLORS = { length: 31, flags: 32, type: 34 } as const;

/**
 * Prints a message as a box: header fields, then attributes and data, four bytes a line.
 *
 * The layout is that of the C library libmnl. Bytes after a malformed attribute are printed as data, so that a trace never
 * fails. Key material that a typed client has declared is printed as asterisks.
 *
 * ```text
 * |  0000000032  |	| message length |
 * | 00018 | R-A- |	|  type | flags  |
 * ```
 *
 * @param message - A message, or an object with a header's fields and a payload.
 * @returns The lines, each with its line end.
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

/** Prints an ERROR message: error number, echoed request, extended-ack attributes. */
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

/** A builder of the text. */
class Box {
  #text = RULE;
  readonly #color: boolean;
  readonly #secrets: readonly ByteRange[];
  /** Offset of the message's header in the memory that all views of its payload share. */
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

  /** Prints four bytes a line, with their characters if `label` is DATA; key material as asterisks. */
  rows(bytes: Uint8Array, start: number, end: number, label: string): void {
    const origin = bytes.byteOffset - this.#origin;
    for (let offset = start; offset < end; offset += 4) {
      let hex = '';
      let characters = '';
      for (let index = offset; index < offset + 4; index++) {
        // Padding is zero by definition, even if the datagram ends before it.
        const byte = index < end ? bytes[index]! : 0;
        const hidden = index < end && isWithin(origin + index, this.#secrets);
        hex += ` ${hidden ? '**' : HEX_PAIRS[byte]!}`;
        characters += ` ${hidden ? '*' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ' '}`;
      }
      this.#text += `|${hex}  |\t|${label}|${label === DATA ? `\t${characters}` : ''}\n`;
    }
  }

  /** Prints attributes up to the first malformed one, and the rest as data. */
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

/** Returns the attributes of a nest; undefined if its payload is malformed. */
function nestedIn(attribute: Attribute): Attribute[] | undefined {
  try {
    return [...attribute.attributes()];
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
