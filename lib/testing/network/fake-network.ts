import { checkOptionNames, kindOf, suggestion } from '../../check/index.js';
import { IfinfoFlags } from '../../families/generated/rt-link.js';
import type { NamespaceHandle, NetworkNamespace, Transport } from '../../socket/index.js';
import { fail } from '../fake-kernel/fail.js';
import { FakeKernelTransport } from '../fake-kernel/fake-kernel-transport.js';
import type { FakeKernel, FakeKernelOptions } from '../fake-kernel/fake-kernel-interface.js';
import { FakeTables } from './fake-tables.js';
import { execute } from './dispatch.js';
import { networkFamilies } from './families.js';
import { Device } from './links/device.js';
import { kindFacts, LOOPBACK } from './links/device-kinds.js';
import { changeFlags } from './links/link-changes.js';
import { Notifier } from './notifier.js';
import { DENIABLE, type FakeNetworkTable } from './operations.js';
import { Rejection } from './rejection.js';

/** The number of rows in a datagram of a dump. */
const ROWS_PER_DATAGRAM = 64;

/** The options of a fake network. @public */
export interface FakeNetworkOptions extends Omit<FakeKernelOptions, 'maximumGroup'> {
  /**
   * The interfaces of the machine, beside the loopback: up, with a carrier, without addresses. No program can delete them.
   * @defaultValue `['eth0']`
   */
  readonly links?: readonly string[];
  /**
   * The named network namespaces of the machine: `network({ ...kernel.options, netns: 'blue' })` is a program in one. Each has tables of its
   * own, and a loopback that is down. No name is looked up in the file system.
   * @defaultValue none
   */
  readonly namespaces?: readonly string[];
}

/**
 * A kernel with a network: links, addresses, routes, rules, nexthops, neighbours and forwarding entries that behave as those of Linux.
 *
 * It is a {@link FakeKernel}, so that a test can also overrun its queues, delay its replies and read its requests.
 *
 * @public
 */
export interface FakeNetwork extends FakeKernel {
  /** The options for `network()`, or for the client of a family: several of them are several programs on one machine. */
  readonly options: { readonly transport: Transport };
  /**
   * Plugs the cable of a link in, or pulls it out. The link stays up by configuration.
   *
   * @throws RangeError if no link has the name.
   */
  setCarrier(name: string, carrier: boolean): void;
  /**
   * Adds an interface of the machine, as a driver does: up, with a carrier, and without a kind.
   *
   * @returns Its index.
   * @throws RangeError if the name is not valid, or another link has it.
   */
  addLink(name: string): number;
  /**
   * Rejects all further writes to these tables with EPERM; without tables, rejects none any more.
   *
   * @throws TypeError if the network has no such table.
   */
  deny(...tables: readonly FakeNetworkTable[]): void;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof FakeNetworkOptions>([
  'links',
  'namespaces',
  'scheduler',
  'partsPerDatagram',
  'firstPortId',
  'bufferSize',
  'unsupportedOptions',
]);

class FakeNetworkKernel extends FakeKernelTransport implements FakeNetwork {
  /** The tables of the namespace of the process. */
  readonly #tables: FakeTables;
  /** The tables of the other namespaces, by name. */
  readonly #others = new Map<string, FakeTables>();
  #denied: ReadonlySet<FakeNetworkTable> = new Set();

  constructor({ links = ['eth0'], namespaces = [], ...options }: FakeNetworkOptions) {
    checkNames('links', links, 'eth0');
    checkNames('namespaces', namespaces, 'blue');
    const families = networkFamilies();
    super((request, { socket }) => execute(this.#tablesOf(socket.netns), families, request, socket, this.#denied), {
      partsPerDatagram: ROWS_PER_DATAGRAM,
      ...options,
    });
    const all = {
      tablesOf: (descriptor: number): FakeTables => this.#tablesOf(this.namespaceOf(descriptor)),
      everywhere: () => [this.#tables, ...this.#others.values()],
    };
    this.#tables = new FakeTables(new Notifier(this, families, undefined), all);
    this.#add(newLoopback(this.#tables));
    for (const name of links) this.#addMachineLink(name, 'fakeNetwork: links');
    for (const name of namespaces) {
      const tables = new FakeTables(new Notifier(this, families, name), all);
      tables.links.add(newLoopback(tables));
      this.#others.set(name, tables);
    }
  }

  get options(): { readonly transport: Transport } {
    return { transport: this };
  }

  /** Opens a namespace by its name, its path in `/run/netns`, or an open descriptor. */
  override openNamespace(netns: NetworkNamespace, onGone: () => void): NamespaceHandle {
    const name = typeof netns === 'string' ? netns.replace(/^\/run\/netns\//, '') : 'fd' in netns ? this.namespaceOf(netns.fd) : undefined;
    if (typeof name === 'string' && this.#others.has(name)) return super.openNamespace(name, onGone);
    const known = [...this.#others.keys()];
    const shown = typeof netns === 'string' ? `'${netns}'` : JSON.stringify(netns);
    const remedy = known.length === 0 ? 'create it by fakeNetwork({ namespaces: [...] })' : `there are ${known.join(', ')}`;
    return fail('ENOENT', 'open', `the fake network has no network namespace ${shown}; ${remedy}`);
  }

  setCarrier(name: string, carrier: boolean): void {
    const { links, carriers } = this.#tables;
    const device = links.byName(name);
    if (device === undefined) throw new RangeError(`setCarrier: no link is named '${name}'`);
    device.isUnplugged = !carrier;
    carriers.settle(carriers.update([device]));
  }

  addLink(name: string): number {
    return this.#addMachineLink(name, 'addLink');
  }

  #addMachineLink(name: string, operation: string): number {
    const { links } = this.#tables;
    if (typeof name !== 'string') throw new TypeError(`${operation}: expected the name of a link, not ${kindOf(name)}`);
    const device = new Device(links.newIndex(0), newName(links, name, operation), undefined, kindFacts(undefined));
    device.operstate = 'up';
    this.#add(device);
    return device.index;
  }

  deny(...tables: readonly FakeNetworkTable[]): void {
    const known: readonly string[] = DENIABLE;
    for (const table of tables) {
      if (known.includes(table)) continue;
      throw new TypeError(`deny: unknown table '${table}'; there are ${known.join(', ')}${suggestion(table, known, '; ')}`);
    }
    this.#denied = new Set(tables);
  }

  #tablesOf(netns: NetworkNamespace | undefined): FakeTables {
    return typeof netns === 'string' ? this.#others.get(netns)! : this.#tables;
  }

  #add(device: Device): void {
    this.#tables.links.add(device);
    changeFlags(this.#tables, device, { ifiFlags: IfinfoFlags.Up, ifiChange: IfinfoFlags.Up }, true);
  }
}

/** Returns a name for a new link. @throws RangeError if it is not valid, or in use. */
function newName(links: FakeTables['links'], name: string, operation: string): string {
  try {
    return links.newName(name);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    const reason =
      error.errno === 'EEXIST'
        ? `the link '${name}' exists already (EEXIST); expected another name`
        : `'${name}' is not a valid name of a link (${error.errno}); expected 1 to 15 bytes without space, slash or colon`;
    throw new RangeError(`${operation}: ${reason}`);
  }
}

/** @throws TypeError, RangeError if an option is not an array of different names. */
function checkNames(option: string, names: readonly string[], example: string): void {
  if (!Array.isArray(names))
    throw new TypeError(`fakeNetwork: ${option} must be an array of names, e.g. ['${example}'], not ${kindOf(names)}`);
  for (const [index, name] of names.entries()) {
    const place = `fakeNetwork: ${option}[${index}]`;
    if (typeof name !== 'string') throw new TypeError(`${place} must be a name, e.g. '${example}', not ${kindOf(name)}`);
    if (names.indexOf(name) < index) throw new RangeError(`${place}: '${name}' is there twice; expected different names`);
    if (name === '' || name.includes('/')) throw new RangeError(`${place}: '${name}' is not a valid name; expected text without a slash`);
  }
}

function newLoopback({ links }: FakeTables): Device {
  return new Device(links.newIndex(0), 'lo', undefined, LOOPBACK);
}

/**
 * Creates a fake kernel with a network that keeps its state, for tests of programs that use `rxnetlink/network`.
 *
 * It needs neither Linux nor root. In a TestScheduler its time is virtual. The same specs run on it and on the kernel.
 *
 * @example A program that sees what another one does
 * ```ts
 * const kernel = fakeNetwork();
 * const net = network(kernel.options);
 * net.links.watch().subscribe((change) => console.log(change.type));
 * kernel.setCarrier('eth0', false);
 * ```
 * @public
 */
export function fakeNetwork(options: FakeNetworkOptions = {}): FakeNetwork {
  checkOptionNames('fakeNetwork', options, OPTIONS);
  return new FakeNetworkKernel(options);
}
