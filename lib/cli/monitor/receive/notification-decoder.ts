import { NetlinkError } from '../../../errors/index.js';
import type { FamilyName } from '../../../families/index.js';
import { operationCodec, type FamilySchema, type OperationCodec } from '../../../schema/index.js';
import { messageCheck } from '../../../schema/internal.js';
import { MessageFlags, type Message } from '../../../wire/index.js';
import { loadSchema } from '../../families/load-schema.js';
import type { Change } from '../event.js';
import { announcedPrefix, NEW_PREFIX } from './prefix.js';
import { topicOf } from '../topics.js';

/**
 * Notifications that the specifications lack: their numbers (RTM_NEWMULTICAST, ...), and the operation whose reply has their form.
 */
const UNLISTED: Readonly<Record<string, readonly (readonly [command: number, name: string, like: string])[]>> = {
  'rt-addr': [
    [56, 'newmulticast', 'getmulticast'],
    [57, 'delmulticast', 'getmulticast'],
    [60, 'newanycast', 'getmulticast'],
    [61, 'delanycast', 'getmulticast'],
  ],
};

/** A notification that a message number stands for, and the check of the fields that distinguish it from others of that number. */
interface Candidate {
  readonly schema: FamilySchema;
  readonly name: string;
  readonly codec: OperationCodec;
  readonly check: ((payload: Uint8Array) => boolean) | undefined;
}

/** Decodes the notifications of families, by their numbers. Nothing is skipped: what has no name is an event with bytes. */
export class NotificationDecoder {
  readonly #candidates = new Map<number, Candidate[]>();

  constructor(schemas: readonly FamilySchema[]) {
    for (const schema of schemas) {
      for (const operation of schema.operations) {
        const { command, name, unicast } = operation;
        if (command === undefined || unicast === true) continue;
        const codec = operationCodec(schema, name);
        const candidate = { schema, name: name.replace(/-ntf$/, ''), codec, check: messageCheck(schema, operation, 'notify') };
        const others = this.#candidates.get(command);
        if (others === undefined) this.#candidates.set(command, [candidate]);
        // Checked candidates first: the one without a check is for the rest.
        else if (candidate.check === undefined) others.push(candidate);
        else others.unshift(candidate);
      }
      for (const [command, name, like] of UNLISTED[schema.source] ?? [])
        this.#candidates.set(command, [{ schema, name, codec: operationCodec(schema, like), check: undefined }]);
    }
  }

  /** Returns a decoder of the notifications of some families; it loads their descriptors. */
  static async load(families: readonly FamilyName[]): Promise<NotificationDecoder> {
    const schemas = await Promise.all(families.map(loadSchema));
    return new NotificationDecoder(schemas.filter((schema) => schema !== undefined));
  }

  /**
   * Returns the event of a message.
   *
   * @param command - The number of the notification.
   * @param topic - The topic of a message that has no name.
   */
  decode(message: Message, command: number, topic: string): Change {
    const candidate = this.#candidates.get(command)?.find(({ check }) => check === undefined || check(message.payload));
    const prefix = candidate === undefined && topic === 'rtnetlink' && command === NEW_PREFIX ? announcedPrefix(message) : undefined;
    if (prefix !== undefined) return change(message, topic, 'newprefix', { ...prefix });
    if (candidate === undefined) return change(message, topic, `message-${String(command)}`, { bytes: new Uint8Array(message.payload) });
    const { schema, codec, name: operation } = candidate;
    let value: Readonly<Record<string, unknown>>;
    try {
      value = codec.decode(message) as Readonly<Record<string, unknown>>;
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error;
      // Not the bytes: they may contain keys.
      value = { error: error.message, length: message.payload.length };
    }
    return change(message, schema.generic === undefined ? topicOf(schema.source, operation, value) : topic, operation, value);
  }
}

function change({ flags, portId, nsid }: Message, topic: string, operation: string, value: Change['value']): Change {
  return {
    type: 'change',
    time: Date.now(),
    topic,
    operation,
    value,
    ...((flags & MessageFlags.Create) !== 0 && { created: true }),
    ...((flags & MessageFlags.Replace) !== 0 && { replaced: true }),
    ...((flags & MessageFlags.Append) !== 0 && { appended: true }),
    ...(portId !== 0 && { port: portId }),
    ...(nsid !== undefined && { nsid }),
  };
}
