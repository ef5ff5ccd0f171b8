import { SWITCHES, ToHost } from './frames.js';

type Switch = (typeof SWITCHES)[number];

/** The size that the kernel reports for the buffers of a new socket, and the largest send buffer that a host grants. */
const BUFFER = 212_992;
const LARGEST_SEND_BUFFER = 8 << 20;

/** A change of a setup: the kind and the argument of a frame. */
export type SetupChange = readonly [kind: number, argument: number];

/** The switches, groups and buffer of a remote socket, as its user has set them. @internal */
export class RemoteSetup {
  readonly switches: Map<Switch, boolean>;
  readonly groups: Set<number>;
  sendBuffer: number;

  constructor(other?: RemoteSetup) {
    this.switches = new Map(other?.switches ?? [['packetInfo', true]]);
    this.groups = new Set(other?.groups);
    this.sendBuffer = other?.sendBuffer ?? BUFFER;
  }

  /** The size of the send buffer to ask for; undefined for the usual one. The kernel doubles it. */
  get wantedSendBuffer(): number | undefined {
    return this.sendBuffer === BUFFER ? undefined : this.sendBuffer >> 1;
  }

  get sortedGroups(): number[] {
    return [...this.groups].sort((one, other) => one - other);
  }

  /** @returns undefined if a remote socket does not have the switch. */
  setSwitch(name: string, on: boolean): SetupChange | undefined {
    const index = (SWITCHES as readonly string[]).indexOf(name);
    const found = SWITCHES[index];
    if (found === undefined) return undefined;
    this.switches.set(found, on);
    return [ToHost.Option, 2 * index + (on ? 1 : 0)];
  }

  resizeSendBuffer(bytes: number): SetupChange {
    this.sendBuffer = Math.min(Math.max(2 * bytes, 4608), LARGEST_SEND_BUFFER);
    return [ToHost.SendBuffer, bytes];
  }

  /** Returns what has changed since a copy was made. */
  changesSince(before: RemoteSetup): SetupChange[] {
    const changes: SetupChange[] = [];
    for (const [name, on] of this.switches) {
      if (before.switches.get(name) !== on) changes.push([ToHost.Option, 2 * SWITCHES.indexOf(name) + (on ? 1 : 0)]);
    }
    for (const group of before.groups) if (!this.groups.has(group)) changes.push([ToHost.Leave, group]);
    for (const group of this.groups) if (!before.groups.has(group)) changes.push([ToHost.Join, group]);
    if (this.sendBuffer !== before.sendBuffer) changes.push([ToHost.SendBuffer, this.sendBuffer >> 1]);
    return changes;
  }
}
