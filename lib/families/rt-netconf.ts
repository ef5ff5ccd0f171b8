import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { rtNetconfSchema, type RtNetconfFamily } from './generated/rt-netconf.js';

export * from './generated/rt-netconf.js';

const AF_INET = 2;

/** NETCONFA_IFINDEX_DEFAULT: the settings of new interfaces (uapi/linux/netconf.h). */
const DEFAULT = -2;

/** Settings of interfaces that the IP stacks notify. @public */
export const rtNetconf: WatchableFamilyFactory<RtNetconfFamily, 'getnetconf'> = watchableFamily(rtNetconfSchema, {
  getnetconf: {
    groups: ['rtnlgrp-ipv4-netconf', 'rtnlgrp-ipv6-netconf', 'rtnlgrp-mpls-netconf'],
    set: ['newnetconf-ntf'],
    delete: ['delnetconf-ntf'],
    key: ({ ncmFamily, ifindex }) => `${ncmFamily} ${String(ifindex)}`,
    filters: { ncmFamily: ({ ncmFamily }) => ncmFamily },
    // An event contains only the changed setting.
    partial: true,
    silent: ['bcForwarding'],
    // A new default of IPv4 is copied, without an event, to interfaces on which the setting was never written; `forwarding` is not.
    silentOn: {
      'newnetconf-ntf': ({ ncmFamily, ifindex, forwarding }) => ncmFamily === AF_INET && ifindex === DEFAULT && forwarding === undefined,
    },
  },
});
