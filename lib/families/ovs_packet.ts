import { familyFactory, type FamilyFactory } from '../client/index.js';
import { ovsPacketSchema, type OvsPacketFamily } from './generated/ovs_packet.js';

export * from './generated/ovs_packet.js';

/** Packets of Open vSwitch: those without a flow, and those that a program sends. @public */
export const ovsPacket: FamilyFactory<OvsPacketFamily> = familyFactory(ovsPacketSchema);
