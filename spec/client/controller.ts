import { errorReply, type Replies } from '../../lib/testing/index.js';
import { AttributeEncoder, AttributeReader, encodeGenericPayload, type Message } from '../../lib/wire/index.js';

/** A generic family of the fake controller. */
export interface FakeFamily {
  readonly id: number;
  readonly groups?: Readonly<Record<string, number>>;
}

/** Message type of the controller (GENL_ID_CTRL). */
export const CONTROLLER = 16;

/** CTRL_CMD_NEWFAMILY 1, CTRL_CMD_DELFAMILY 2. */
export function familyMessage(command: 1 | 2, name: string, { id, groups = {} }: FakeFamily): { type: number; payload: Uint8Array } {
  const attributes = new AttributeEncoder().uint16(1, id).string(2, name).uint32(3, 1);
  attributes.nest(7, (list) => {
    Object.entries(groups).forEach(([group, number], index) => {
      list.nest(index + 1, (entry) => entry.string(1, group).uint32(2, number));
    });
  });
  return { type: CONTROLLER, payload: encodeGenericPayload({ command, version: 2 }, attributes.encode()) };
}

/** Answers CTRL_CMD_GETFAMILY by name, in the layout of uapi/linux/genetlink.h. */
export function controller(request: Message, families: Readonly<Record<string, FakeFamily>>): Replies {
  const name = new AttributeReader(request.payload, { start: 4 }).find(2)?.string() ?? '';
  const family = families[name];
  return family === undefined ? errorReply('ENOENT') : familyMessage(1, name, family);
}
