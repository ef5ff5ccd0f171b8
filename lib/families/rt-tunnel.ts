import { watchableFamily, type WatchableFamilyFactory, type WatchDeclaration } from '../live/index.js';
import { rtTunnelSchema, TunnelMsgFlag, type GettunnelReply, type RtTunnelFamily } from './generated/rt-tunnel.js';
import { Group, Type } from './rtnetlink.js';

export * from './generated/rt-tunnel.js';

/** VNIs, one row for each device. An event contains some VNIs of a device: the table is read again after each event. */
const vnis: WatchDeclaration<GettunnelReply, keyof RtTunnelFamily['notifications'], keyof RtTunnelFamily['groups']> = {
  groups: ['rtnlgrp-tunnel'],
  set: [],
  delete: [],
  key: ({ ifindex }) => ifindex,
  filters: { ifindex: ({ ifindex }) => ifindex, flags: () => 0 },
  silentOn: { 'newtunnel-ntf': true, 'deltunnel-ntf': true },
  triggers: [{ group: Group.Link, types: [Type.NewLink, Type.DelLink] }],
};

/** The VNIs of VXLAN devices with a VNI filter. @public */
export const rtTunnel: WatchableFamilyFactory<RtTunnelFamily, 'gettunnel'> = watchableFamily(rtTunnelSchema, {
  gettunnel: ({ flags = 0 }) =>
    (flags & TunnelMsgFlag.Stats) === 0 ? vnis : 'counters change all the time without an event; dump them at an interval and use rates()',
});
