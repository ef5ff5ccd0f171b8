import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nfnetlinkQueueSchema, type NfnetlinkQueueFamily } from './generated/nfnetlink_queue.js';

export * from './generated/nfnetlink_queue.js';
export { NfQueue, nfqueue, type NfQueueOptions, type QueueReport } from './packets/nf-queue.js';
export { type PacketOptions } from './packets/packet-options.js';
export { QueuedPacket, type BatchVerdictOptions, type VerdictOptions } from './packets/queued-packet.js';

/** Packets that wait for a verdict. {@link nfqueue} binds a queue. @public */
export const nfnetlinkQueue: FamilyFactory<NfnetlinkQueueFamily> = familyFactory(nfnetlinkQueueSchema);
