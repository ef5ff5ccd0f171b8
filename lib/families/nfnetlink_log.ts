import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nfnetlinkLogSchema, type NfnetlinkLogFamily } from './generated/nfnetlink_log.js';

export * from './generated/nfnetlink_log.js';
export { NfLog, nflog, type NfLogOptions } from './packets/nf-log.js';
export { type PacketOptions } from './packets/packet-options.js';

/** Packets that rules log. {@link nflog} binds a group. @public */
export const nfnetlinkLog: FamilyFactory<NfnetlinkLogFamily> = familyFactory(nfnetlinkLogSchema);
