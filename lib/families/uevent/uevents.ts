import { filter, map, type Observable } from 'rxjs';
import { checkOptionNames, kindOf, omitUndefined } from '../../check/index.js';
import { netlink, type NetlinkSocketOptions } from '../../socket/index.js';
import { Protocol } from '../../wire/index.js';
import { decodeUevent, type Uevent, type UeventAction } from './decode-uevent.js';

/** A selection of events. An event must fit every property; of a list, one entry. @public */
export interface UeventFilter {
  /** The actions to emit. */
  readonly action?: UeventAction | (string & {}) | readonly (UeventAction | (string & {}))[];
  /** The subsystems to emit, e.g. `net`. */
  readonly subsystem?: string | readonly string[];
  /** The values of `DEVTYPE` to emit, e.g. `bridge`; events without this variable never fit. */
  readonly devtype?: string | readonly string[];
  /** The path of a device without `/sys`: its events and those of the devices below it are emitted. */
  readonly devpath?: string | readonly string[];
}

/** The options of {@link uevents}. All are optional. @public */
export interface UeventOptions extends Pick<NetlinkSocketOptions, 'netns' | 'receiveBufferSize' | 'ref' | 'transport'> {
  /**
   * The sender of the events: the kernel (group 1), or udev after it has applied its rules (group 2).
   *
   * The kernel's port ID proves that the kernel sent an event, or that a process with CAP_SYS_ADMIN made the kernel send it. Nothing
   * proves that udev sent one: any process with CAP_NET_ADMIN over the network namespace can send to its group.
   *
   * @defaultValue `'kernel'`
   */
  readonly source?: 'kernel' | 'udev';
  /**
   * The events to emit. The kernel sends all of them to the socket.
   * @defaultValue every event
   */
  readonly filter?: UeventFilter;
}

/** The group of each sender (`enum` of libudev's monitor; the kernel broadcasts to the first). */
const GROUPS = { kernel: 1, udev: 2 } as const;

const OPTIONS: ReadonlySet<string> = new Set<keyof UeventOptions>(['source', 'filter', 'netns', 'receiveBufferSize', 'ref', 'transport']);
const FILTERS: ReadonlySet<string> = new Set<keyof UeventFilter>(['action', 'subsystem', 'devtype', 'devpath']);

/**
 * Returns an Observable of the events of devices, as udev receives them (`NETLINK_KOBJECT_UEVENT`).
 *
 * Not a list of devices: only what changes while it is subscribed. A network namespace receives the events of its own network
 * devices. The events of all other devices go to the namespaces that the initial user namespace owns.
 *
 * ```text
 * kernel:  --a--b--c--     a, c = events of subsystem net
 *          uevents({ filter: { subsystem: 'net' } })
 * result:  --a-----c--
 * ```
 *
 * @returns A hot Observable that never completes. Its subscribers share one socket, which is closed after the last one.
 * @throws `OverrunError` as the error signal if the receive queue overflowed (ENOBUFS): events were lost. Subscribe again, and read
 *   the devices of interest below /sys. `DecodeError` if a datagram is not the text of an event.
 * @throws TypeError at once if an option is not valid.
 * @example Print the network devices that appear
 * ```ts
 * import { uevents } from 'rxnetlink/families/uevent';
 *
 * uevents({ filter: { subsystem: 'net', action: 'add' } }).subscribe(({ environment }) => console.log(environment.get('INTERFACE')));
 * ```
 * @public
 */
export function uevents(options: UeventOptions = {}): Observable<Uevent> {
  checkOptionNames('uevents', options, OPTIONS);
  const { source = 'kernel', filter: selection = {}, ...socketOptions } = options;
  if (!Object.hasOwn(GROUPS, source)) throw new TypeError(`uevents: option source must be 'kernel' or 'udev'`);
  const accepts = acceptorOf(selection);
  const group = GROUPS[source];
  const { datagrams } = netlink({
    protocol: Protocol.KobjectUevent,
    groups: [group],
    sender: source === 'kernel' ? 'kernel' : 'any',
    ...omitUndefined(socketOptions),
  });
  return datagrams.pipe(
    // A process with CAP_NET_ADMIN can also send to the socket itself; udev never does.
    filter((datagram) => datagram.group === group),
    map(({ bytes }) => decodeUevent(bytes)),
    filter(accepts),
  );
}

function acceptorOf(selection: UeventFilter): (event: Uevent) => boolean {
  checkOptionNames('uevents: filter', selection, FILTERS);
  const actions = textsOf('action', selection.action);
  const subsystems = textsOf('subsystem', selection.subsystem);
  const devtypes = textsOf('devtype', selection.devtype);
  const paths = textsOf('devpath', selection.devpath);
  for (const path of paths ?? []) {
    if (!path.startsWith('/') || path.startsWith('/sys/')) {
      throw new TypeError(`uevents: filter devpath must be a path without /sys, e.g. /devices/virtual/net/br0, not ${path}`);
    }
  }
  return ({ action, subsystem, devpath, environment }) =>
    (actions?.includes(action) ?? true) &&
    (subsystems?.includes(subsystem) ?? true) &&
    (devtypes?.includes(environment.get('DEVTYPE') ?? '') ?? true) &&
    (paths?.some((path) => devpath === path || devpath.startsWith(path.endsWith('/') ? path : `${path}/`)) ?? true);
}

function textsOf(name: string, value: string | readonly string[] | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const text of texts) {
    if (typeof text !== 'string' || text === '') {
      throw new TypeError(
        `uevents: filter ${name} must be a non-empty text or a list of such texts, not ${text === '' ? 'an empty text' : kindOf(text)}`,
      );
    }
  }
  return [...(texts as readonly string[])];
}
