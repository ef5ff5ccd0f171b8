import { unknownAttributes, type FamilySchema, type OperationCodec } from '../schema/index.js';
import type { NetlinkSocket } from '../socket/index.js';
import type { Message } from '../wire/index.js';

/**
 * Decodes messages, and reports attributes that the schema does not contain to the socket's trace.
 *
 * @internal
 */
export class ValueDecoder {
  readonly schema: FamilySchema;
  readonly protocol: number;
  readonly #socket: NetlinkSocket;
  #kept = 0;

  constructor(schema: FamilySchema, socket: NetlinkSocket) {
    this.schema = schema;
    this.protocol = schema.protocol;
    this.#socket = socket;
  }

  decode(codec: OperationCodec, message: Message): object {
    const value = codec.decode(message);
    if (codec.kept !== this.#kept) {
      this.#kept = codec.kept;
      for (const { path, attribute } of unknownAttributes(value)) {
        this.note(`attribute ${attribute.type} of ${attribute.payload.byteLength} bytes at ${path === '' ? 'the top' : path}`, message);
      }
    }
    return value;
  }

  note(text: string, message: Message): void {
    this.#socket.noteUnknown(`${this.schema.source}: ${text}`, message);
  }
}
