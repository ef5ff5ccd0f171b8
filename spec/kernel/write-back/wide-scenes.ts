import { links, qdisc, type Scene } from './scenes.js';

/** Kinds that a distribution's kernel has as modules. */
export const WIDE_SCENES: readonly Scene[] = [
  links('VRF', `ip link add red address 02:00:00:00:00:51 type vrf table 1234`),
  links('GENEVE', `ip link add gn0 address 02:00:00:00:00:54 type geneve id 99 remote 10.1.2.3 ttl 33 tos 0x16 dstport 6090`),
  qdisc('netem', 'netem delay 30ms 5ms 25% loss 3% 10% duplicate 1% corrupt 2% reorder 5% 50% gap 3 limit 555 rate 1mbit 20 100 -5'),
  qdisc('netem with a model of losses', 'netem delay 10ms loss gemodel 1% 10% 70% 0.1%'),
  qdisc('prio', 'prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 3'),
];
