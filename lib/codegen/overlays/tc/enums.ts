import type { OverlayEntry } from '../../overlay.js';
import { enumerate, names } from '../words.js';

const SCHED = 'linux/pkt_sched.h';

const member = (header: string, struct: string, changeMember: string, definition: string): OverlayEntry => {
  return { header, struct, changeMember, to: { enum: definition } };
};

/** The names of numbers. @internal */
export const tcEnums: readonly OverlayEntry[] = [
  {
    header: 'linux/pkt_cls.h',
    addDefinitions: [
      names('tc-act', 'tc-act-', [
        ['unspec', -1],
        ['ok', 0],
        'reclassify',
        'shot',
        'pipe',
        'stolen',
        'queued',
        'repeat',
        'redirect',
        'trap',
        ['jump', 0x10000000],
        ['goto-chain', 0x20000000],
      ]),
    ],
    reason: 'a jump and a chain to go to have a number in their lower bits, so that the values stay numbers',
  },
  {
    header: 'linux/tc_act/tc_mirred.h',
    addDefinitions: [names('mirred-action', 'tca-', [['egress-redir', 1], 'egress-mirror', 'ingress-redir', 'ingress-mirror'])],
  },
  member('linux/tc_act/tc_mirred.h', 'tc-mirred', 'eaction', 'mirred-action'),
  {
    header: 'linux/tc_act/tc_vlan.h',
    addDefinitions: [names('vlan-action', 'tca-vlan-act-', [['pop', 1], 'push', 'modify', 'pop-eth', 'push-eth'])],
  },
  member('linux/tc_act/tc_vlan.h', 'tc-vlan', 'v-action', 'vlan-action'),
  {
    header: 'linux/tc_act/tc_mpls.h',
    addDefinitions: [names('mpls-action', 'tca-mpls-act-', [['pop', 1], 'push', 'modify', 'dec-ttl', 'mac-push'])],
  },
  member('linux/tc_act/tc_mpls.h', 'tc-mpls', 'm-action', 'mpls-action'),
  {
    header: 'linux/tc_act/tc_tunnel_key.h',
    addDefinitions: [names('tunnel-key-action', 'tca-tunnel-key-act-', [['set', 1], 'release'])],
  },
  member('linux/tc_act/tc_tunnel_key.h', 'tc-tunnel-key', 't-action', 'tunnel-key-action'),
  {
    header: SCHED,
    addDefinitions: [
      names('cake-flow-mode', 'cake-flow-', ['none', 'src-ip', 'dst-ip', 'hosts', 'flows', 'dual-src', 'dual-dst', 'triple']),
      names('cake-diffserv-mode', 'cake-diffserv-', ['diffserv3', 'diffserv4', 'diffserv8', 'besteffort', 'precedence']),
      names('cake-ack-filter', 'cake-ack-', ['none', 'filter', 'aggressive']),
      names('cake-atm', 'cake-atm-', ['none', 'atm', 'ptm']),
      names('mqprio-mode', 'tc-mqprio-mode-', ['dcb', 'channel']),
      names('mqprio-shaper', 'tc-mqprio-shaper-', ['dcb', 'bw-rate']),
      names('taprio-command', 'tc-taprio-cmd-', ['set-gates', 'set-and-hold', 'set-and-release']),
    ],
  },
  ...enumerate(SCHED, 'cake-attrs', {
    'flow-mode': 'cake-flow-mode',
    'diffserv-mode': 'cake-diffserv-mode',
    'ack-filter': 'cake-ack-filter',
    atm: 'cake-atm',
  }),
  ...enumerate(SCHED, 'mqprio-attrs', { mode: 'mqprio-mode', shaper: 'mqprio-shaper' }),
  ...enumerate(SCHED, 'taprio-sched-entry', { cmd: 'taprio-command' }),
];
