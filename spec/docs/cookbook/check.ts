import type { Program, Scene } from './scene.js';

/** A feature of the kernel that some kernels lack. */
export interface Need {
  /** The feature in words, for the skip. */
  readonly name: string;
  /** The modules of Debian's kernel that have it. */
  readonly modules: readonly string[];
  /** The module that `npm run test:vm -- --simulated` builds, because Debian's kernel lacks it. */
  readonly simulated?: 'netdevsim';
  /** Commands that succeed if the kernel has it, and leave nothing behind. */
  readonly probe: string;
}

/** The scene of a program, and the comparison of its effect. */
export interface Check {
  readonly needs?: readonly Need[];
  /** Commands of a shell before the program starts. */
  readonly before?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** The program runs in the network namespace of the specs, because the kernel sends its events nowhere else. It must change nothing. */
  readonly inFirstNetwork?: boolean;
  /** Compares the effect with other programs. A program without an end is stopped afterwards. */
  check(scene: Scene, program: Program): Promise<void>;
}

/** The checks of a page, by the titles of its entries. */
export type Checks = Readonly<Record<string, Check>>;

const kind = (name: string, modules: readonly string[], words = ''): Need => ({
  name: `links of kind ${name}`,
  modules,
  probe: `ip link add probe0 ${words} type ${name}; ip link delete probe0`,
});

export const VRF: Need = {
  name: 'links of kind vrf',
  modules: ['vrf'],
  probe: 'ip link add probe0 type vrf table 7; ip link delete probe0',
};
export const BOND: Need = kind('bond', ['bonding']);
export const WIREGUARD: Need = kind('wireguard', ['wireguard']);
export const TUN: Need = {
  name: 'links of kind tun',
  modules: ['tun'],
  probe: 'ip tuntap add dev probe0 mode tun; ip link delete probe0',
};
export const VLAN: Need = {
  name: 'links of kind vlan',
  modules: ['8021q'],
  probe: 'ip link add probe1 type veth; ip link add probe0 link probe1 type vlan id 9; ip link delete probe1',
};
export const VLAN_FILTERING: Need = {
  name: 'VLANs of bridges',
  modules: ['bridge', '8021q'],
  probe: 'ip link add probe0 type bridge vlan_filtering 1; bridge vlan add dev probe0 vid 9 self; ip link delete probe0',
};
export const NETEM: Need = {
  name: 'the qdisc netem',
  modules: ['sch_netem', 'sch_tbf'],
  probe: 'ip link add probe0 type veth; tc qdisc add dev probe0 root netem delay 1ms; ip link delete probe0',
};
export const NETDEVSIM: Need = {
  name: 'the simulated card netdevsim',
  modules: [],
  simulated: 'netdevsim',
  probe: '[ -e /sys/bus/netdevsim/new_device ]',
};
export const RADIOS: Need = {
  name: 'the simulated radios mac80211_hwsim',
  modules: ['mac80211_hwsim'],
  probe: '[ -e /sys/module/mac80211_hwsim ]',
};
