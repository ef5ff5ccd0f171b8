/** The counters of a link (struct rtnl_link_stats64); nothing passes a fake link. */
const NAMES: readonly string[] = [
  'rxPackets',
  'txPackets',
  'rxBytes',
  'txBytes',
  'rxErrors',
  'txErrors',
  'rxDropped',
  'txDropped',
  'multicast',
  'collisions',
  'rxLengthErrors',
  'rxOverErrors',
  'rxCrcErrors',
  'rxFrameErrors',
  'rxFifoErrors',
  'rxMissedErrors',
  'txAbortedErrors',
  'txCarrierErrors',
  'txFifoErrors',
  'txHeartbeatErrors',
  'txWindowErrors',
  'rxCompressed',
  'txCompressed',
  'rxNohandler',
];

/** Returns the attributes `stats` and `stats64`. @internal */
export function counters(): object {
  return {
    stats64: Object.fromEntries([...NAMES, 'rxOtherhostDropped'].map((name) => [name, 0n])),
    stats: Object.fromEntries(NAMES.map((name) => [name, 0])),
  };
}
