import { nfnetlinkQueueSchema, type PacketEvent } from '../../../lib/families/generated/nfnetlink_queue.js';
import type { FamilyComparer } from '../comparer.js';
import type { Fields } from './fields.js';
import { comparePackets, keysOf } from './packets.js';

const fields: Fields<PacketEvent> = {
  id: ({ packetHdr }) => packetHdr?.packetId,
  cap_len: ({ capLen }) => capLen,
  skb_info: ({ skbInfo }) => skbInfo,
  priority: ({ priority }) => priority,
};

export const comparer: FamilyComparer = {
  schema: nfnetlinkQueueSchema,
  compare: (scene) => comparePackets<PacketEvent>(scene, fields, (packet) => keysOf(packet, 3)),
};
