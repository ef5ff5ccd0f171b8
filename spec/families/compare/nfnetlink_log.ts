import { nfnetlinkLogSchema, type PacketEvent } from '../../../lib/families/generated/nfnetlink_log.js';
import type { FamilyComparer } from '../comparer.js';
import type { Fields } from './fields.js';
import { comparePackets, keysOf } from './packets.js';

const fields: Fields<PacketEvent> = {
  prefix: ({ prefix }) => prefix,
  seq: ({ seq }) => seq,
  seq_global: ({ seqGlobal }) => seqGlobal,
  hwtype: ({ hwtype }) => hwtype,
  hwlen: ({ hwlen }) => hwlen,
  hwheader: ({ hwheader }) => Buffer.from(hwheader!).toString('hex'),
};

export const comparer: FamilyComparer = {
  schema: nfnetlinkLogSchema,
  compare: (scene) => comparePackets<PacketEvent>(scene, fields, (packet) => keysOf(packet, 2)),
};
