import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { tc, type GetchainReply, type GetqdiscReply } from '../../../lib/families/tc.js';
import { useNamespace } from '../../support/namespace.js';
import { pause } from '../../support/sockets.js';
import { useWatchers, type Watcher } from './watcher.js';

/** TC_H_ROOT of uapi/linux/pkt_sched.h */
const ROOT = 0xffff_ffff;

/** A row of `tc -j`. */
interface Shown {
  readonly kind?: string;
  readonly handle: string;
  readonly root?: true;
  readonly parent?: string;
  readonly pref?: number;
  readonly level?: number;
  readonly chain?: number;
  readonly options?: { readonly fh?: string; readonly limit?: number };
}

/** Returns a handle as `tc` prints it. */
const handle = (number: number): string =>
  number === ROOT ? 'root' : [number >>> 16, number & 0xffff].map((part) => (part === 0 ? '' : part.toString(16))).join(':');

const line = (...parts: readonly unknown[]): string => parts.map((part) => String(part ?? '-')).join(' ');
const limitOf = (qdisc: GetqdiscReply): unknown => (qdisc.kind === 'bfifo' || qdisc.kind === 'pfifo' ? qdisc.options?.limit : undefined);

describe('live collections of traffic control', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  let client: ReturnType<typeof tc>;
  let ifindex: number;

  const run = (line: string): string => namespace().run('tc', ...line.split(' '));
  const rows = (line: string): Shown[] => JSON.parse(run(`-j ${line}`) || '[]') as Shown[];
  /** Runs a command and waits until a collection equals the output of `tc`. */
  async function follow<T extends object>(
    watcher: Watcher<T>,
    step: string,
    held: (entry: T) => string,
    shown: () => string[],
  ): Promise<void> {
    // Prevents that a resync for the previous step reads the result of this one.
    await pause(50);
    run(step);
    const wanted = shown().sort();
    await watcher.has('agreement', (entries) => isDeepStrictEqual(entries.map(held).sort(), wanted)).catch(() => undefined);
    expect(watcher.entries?.map(held).sort(), step).to.deep.equal(wanted);
  }

  beforeEach(() => {
    namespace().batch(['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up']);
    ({ ifindex } = (JSON.parse(namespace().ip('-j link show v0')) as [{ ifindex: number }])[0]);
    client = tc({ netns: namespace().path });
  });
  afterEach(() => {
    client.close();
    namespace().ip('link del v0');
  });

  it('remove the qdiscs of a deleted class, and update child qdiscs, for which the kernel sends no events', async () => {
    const watcher = watch(client.watch('getqdisc', { ifindex }));
    await watcher.has('being in sync');
    for (const step of [
      'qdisc add dev v0 root handle 1: htb default 1',
      'class add dev v0 parent 1: classid 1:1 htb rate 1mbit',
      'qdisc add dev v0 parent 1:1 handle 10: pfifo limit 5',
      // A class loses its qdisc when it gets a child class.
      'class add dev v0 parent 1:1 classid 1:2 htb rate 1mbit',
      'qdisc add dev v0 parent 1:2 handle 20: pfifo limit 5',
      'class del dev v0 classid 1:2',
      'qdisc replace dev v0 root handle 2: tbf rate 1mbit burst 5k limit 9000',
      'qdisc add dev v0 parent 2:1 handle 40: bfifo limit 5000',
      // The child qdisc gets the same limit.
      'qdisc change dev v0 root handle 2: tbf rate 1mbit burst 5k limit 20000',
      'qdisc del dev v0 root',
    ]) {
      await follow(
        watcher,
        step,
        (qdisc) => line(qdisc.kind, qdisc.handle === 0 ? '0:' : handle(qdisc.handle), handle(qdisc.parent), limitOf(qdisc)),
        () =>
          rows('qdisc show dev v0').map((row) => line(row.kind, row.handle, row.root === true ? 'root' : row.parent, row.options?.limit)),
      );
    }
  });

  it('update a class that gets or loses a child class, for which the kernel sends no event', async () => {
    run('qdisc add dev v0 root handle 1: htb default 1');
    const watcher = watch(client.watch('gettclass', { ifindex }));
    await watcher.has('being in sync');
    for (const step of [
      'class add dev v0 parent 1: classid 1:1 htb rate 1mbit',
      'class add dev v0 parent 1:1 classid 1:2 htb rate 1mbit',
      'class del dev v0 classid 1:2',
    ]) {
      await follow(
        watcher,
        step,
        (row) => line(handle(row.handle), handle(row.parent), row.kind === 'htb' ? row.options?.parms?.level : undefined),
        () => rows('-d class show dev v0').map((row) => line(row.handle, row.root === true ? 'root' : row.parent, row.level)),
      );
    }
  });

  it('remove the filters of a priority, and those of a parent, that the kernel deletes with one event', async () => {
    run('qdisc add dev v0 root handle 1: htb default 1');
    const watcher = watch(client.watch('gettfilter', { ifindex, parent: 0x10000 }));
    await watcher.has('being in sync');
    for (const step of [
      ...[6, 7, 8].map((priority) => `filter add dev v0 parent 1: protocol ip prio ${String(priority)} u32 match u32 0 0 flowid 1:1`),
      'filter del dev v0 parent 1: protocol ip prio 6',
      'filter del dev v0 parent 1:',
    ]) {
      await follow(
        watcher,
        step,
        ({ info }) => String(info >>> 16),
        // The head of the filters of a priority is not a filter.
        () => rows('filter show dev v0 parent 1:').flatMap(({ pref, options }) => (options?.fh === undefined ? [] : String(pref))),
      );
    }
    expect(watcher.entries).to.deep.equal([]);
  });

  describe('of chains', () => {
    const chains = (place: '' | ` ${string}`) => () => rows(`chain show dev v0${place}`).map(({ chain }) => String(chain));
    const held = ({ chain }: GetchainReply): string => String(chain);
    /** Filters that match all packets. */
    const filter = (place: string, options: string) => `filter add dev v0 ${place} protocol ip pref 1 ${options} u32 match u32 0 0`;

    it('are rejected without an interface, because the kernel lists those of one qdisc or class', () => {
      expect(() => client.watch('getchain')).to.throw(
        TypeError,
        'tc: getchain cannot be watched: the kernel lists the chains of one qdisc or class only; set ifindex, and parent',
      );
    });

    it('follow chains that a user creates, and those that the kernel creates and deletes with a filter', async () => {
      run('qdisc add dev v0 root handle 1: htb default 1');
      const watcher = watch(client.watch('getchain', { ifindex }));
      await watcher.has('being in sync');
      for (const step of [
        'chain add dev v0 parent 1: chain 5',
        filter('parent 1:', 'chain 7'),
        filter('parent 1:', 'chain 8'),
        'filter del dev v0 parent 1: chain 8',
        'filter del dev v0 parent 1: chain 7',
        'chain del dev v0 parent 1: chain 5',
        filter('parent 1:', 'chain 9'),
        // The new root has no chains.
        'qdisc replace dev v0 root handle 2: htb',
        'chain add dev v0 parent 2: chain 11',
      ]) {
        await follow(watcher, step, held, chains(''));
      }
      expect(watcher.entries?.map(({ chain }) => chain)).to.deep.equal([11]);
    });

    it('keep the two sides of clsact, and the classes of a qdisc, apart', async () => {
      run('qdisc add dev v0 clsact');
      run('qdisc add dev v0 root handle 1: htb default 1');
      run('class add dev v0 parent 1: classid 1:1 htb rate 1mbit');
      // TC_H_CLSACT and TC_H_MIN_INGRESS, TC_H_MIN_EGRESS of uapi/linux/pkt_sched.h
      const ingress = watch(client.watch('getchain', { ifindex, parent: 0xffff_fff2 }));
      const egress = watch(client.watch('getchain', { ifindex, parent: 0xffff_fff3 }));
      const inner = watch(client.watch('getchain', { ifindex, parent: 0x1_0001 }));
      for (const watcher of [ingress, egress, inner]) await watcher.has('being in sync');
      await follow(ingress, filter('ingress', 'chain 3'), held, chains(' ingress'));
      await follow(egress, filter('egress', 'chain 4'), held, chains(' egress'));
      await follow(inner, filter('parent 1:1', 'chain 9'), held, chains(' parent 1:1'));
      // An event of one place may let the collections of the others read again.
      for (const watcher of [ingress, egress, inner]) await watcher.has('its chain', (entries) => entries.length === 1);
      expect([ingress, egress, inner].map(({ entries }) => entries?.map(({ chain }) => chain))).to.deep.equal([[3], [4], [9]]);
      await follow(inner, 'qdisc del dev v0 root', held, () => []);
      await follow(ingress, 'qdisc del dev v0 clsact', held, () => []);
      await egress.has('nothing', (entries) => entries.length === 0);
    });
  });
});
