import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { AddrFlags, mptcpPm } from '../../../lib/families/mptcp_pm.js';
import { netdev } from '../../../lib/families/netdev.js';
import { nlctrl } from '../../../lib/families/nlctrl.js';
import { tcpMetrics } from '../../../lib/families/tcp_metrics.js';
import { wireguard } from '../../../lib/families/wireguard.js';
import { FamilyNotFoundError, KernelError } from '../../../lib/index.js';
import { loadFamily } from '../../../lib/spec-loader/index.js';
import { needsFamily } from '../../support/features.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { compareFields, within, type Shown } from '../../families/compare/fields.js';
import { json, linkNames } from './names.js';

const INET = 2;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error as KernelError,
  );

/** A server and a client over loopback in the namespace: one connection. */
const TALK = `
import socket, threading
server = socket.create_server(('127.0.0.1', 0))
def answer():
    peer, _ = server.accept()
    peer.recv(100)
    peer.sendall(b'x' * 5000)
    peer.close()
threading.Thread(target=answer).start()
client = socket.create_connection(server.getsockname())
client.sendall(b'x')
while client.recv(10000): pass
`;

describe('small generic families', () => {
  const namespace = useNamespace();
  const options = () => ({ netns: namespace().path });

  before(() => {
    namespace().batch(['link add v0 numrxqueues 3 type veth peer v1', 'link set v0 up', 'link set v1 up', 'addr add 10.1.0.1/24 dev v0']);
  });

  describe('mptcp_pm', () => {
    const endpoints = () => json<Shown>(namespace(), 'ip -j mptcp endpoint');

    before(function () {
      try {
        namespace().ip('mptcp endpoint add 10.1.0.1 dev v0 id 5 subflow signal backup');
        namespace().ip('mptcp endpoint add fd00::1 id 6 fullmesh');
        namespace().ip('mptcp limits set subflows 3 add_addr_accepted 2');
      } catch (error) {
        skipBecause(this, 'this kernel or network namespace has no MPTCP', error);
      }
    });

    /** Skips a spec if `ip` prints no addresses: it reads the family as one byte, which is 0 on a big-endian machine. */
    const needsAddresses = (context: Mocha.Context): void => {
      const lost = endpoints().filter(({ address }) => address === undefined || address === '???');
      if (lost.length > 0) skipBecause(context, 'ip mptcp does not print the addresses of endpoints on this machine', JSON.stringify(lost));
    };

    it('reads endpoints and limits as ip mptcp shows them', async function () {
      needsAddresses(this);
      using client = mptcpPm(options());
      const names = await linkNames(namespace());
      const rows = await lastValueFrom(client.list('get-addr'));
      const shown = endpoints();
      expect(rows.length).to.equal(shown.length);
      shown.forEach((row, index) => {
        const flag = (bit: number) => () => ((rows[index]!.addr?.flags ?? 0) & bit) !== 0;
        compareFields(String(row['id']), row, rows[index]!, {
          address: ({ addr }) => addr?.addr4 ?? addr?.addr6,
          id: ({ addr }) => addr?.id,
          port: ({ addr }) => addr?.port,
          dev: ({ addr }) => names.of(addr?.ifIdx),
          signal: flag(AddrFlags.Signal),
          subflow: flag(AddrFlags.Subflow),
          backup: flag(AddrFlags.Backup),
          fullmesh: flag(AddrFlags.Fullmesh),
        });
      });
      const limits = await lastValueFrom(client.do('get-limits'));
      expect(namespace().run('ip', 'mptcp', 'limits').trim()).to.equal(
        `add_addr_accepted ${String(limits.rcvAddAddrs)} subflows ${String(limits.subflows)}`,
      );
    });

    it('writes endpoints that ip mptcp reads back', async function () {
      needsAddresses(this);
      using client = mptcpPm(options());
      await lastValueFrom(client.do('add-addr', { addr: { family: INET, addr4: '10.1.0.7', id: 9, flags: AddrFlags.Subflow } }));
      expect(endpoints()).to.deep.include({ address: '10.1.0.7', id: 9, subflow: true });
      await lastValueFrom(client.do('del-addr', { addr: { id: 9, family: INET, addr4: '10.1.0.7' } }));
      expect(endpoints().map(({ id }) => id)).to.not.include(9);
      await lastValueFrom(client.do('set-limits', { rcvAddAddrs: 1, subflows: 4 }));
      expect(namespace().run('ip', 'mptcp', 'limits').trim()).to.equal('add_addr_accepted 1 subflows 4');
    });

    it('names the missing attribute in an error', async function () {
      using client = mptcpPm(options());
      const error = await failure(lastValueFrom(client.do('add-addr', {})));
      if (error.message.endsWith('missing address info')) skipBecause(this, 'mptcp_pm of this kernel does not name a missing attribute');
      expect(error.message).to.equal('EINVAL add-addr (missing .addr)');
    });

    it('names the attribute that lacks data in an error', async () => {
      using client = mptcpPm(options());
      expect((await failure(lastValueFrom(client.do('add-addr', { addr: { family: INET } })))).message).to.equal(
        'EINVAL add-addr: .addr missing address data',
      );
    });
  });

  describe('tcp_metrics', () => {
    it('reads metrics as ip tcp_metrics shows them', async () => {
      namespace().run('python3', '-c', TALK);
      using client = tcpMetrics(options());
      const [shown] = json<Shown>(namespace(), 'ip -j tcp_metrics');
      const [row, ...more] = await lastValueFrom(client.list('get'));
      expect(more).to.deep.equal([]);
      compareFields('metrics', shown!, row!, {
        dst: ({ addrIpv4 }) => addrIpv4,
        source: ({ saddrIpv4 }) => saddrIpv4,
        age: ({ age }, seen) => within(2, seen, Number(age) / 1000),
        cwnd: ({ vals }) => vals?.cwnd,
        ssthresh: ({ vals }) => vals?.ssthresh,
        // The specification spells it this way.
        reordering: ({ vals }) => vals?.reodering,
        // The kernel keeps eighths and quarters of a microsecond; ip shows seconds.
        rtt: ({ vals }) => ((vals?.rttUs ?? 0) >> 3) / 1e6,
        rttvar: ({ vals }) => ((vals?.rttvarUs ?? 0) >> 2) / 1e6,
      });
      expect(await lastValueFrom(client.do('get', { addrIpv4: '127.0.0.1' }))).to.include({ addrIpv4: '127.0.0.1' });
    });

    it('deletes metrics, or names the missing capability in the error', async () => {
      using client = tcpMetrics(options());
      const left = () => lastValueFrom(client.list('get')).then((rows) => rows.length);
      const error = await lastValueFrom(client.do('del', { addrIpv4: '127.0.0.1' })).catch((reason: unknown) => reason);
      if (error === undefined) expect(await left()).to.equal(0);
      // The process is root of another user namespace.
      else expect(error).to.have.property('message', 'EPERM del (needs CAP_NET_ADMIN in the initial namespace)');
    });
  });

  describe('netdev', () => {
    before(function () {
      return needsFamily(this, 'netdev', namespace().path);
    });

    it('reads a row for each link, and as many queues as ip -d shows', async () => {
      using client = netdev(options());
      const links = json<{ ifindex: number; ifname: string; num_rx_queues: number }>(namespace(), 'ip -j -d link');
      const rows = await lastValueFrom(client.list('dev-get'));
      expect(rows.map(({ ifindex }) => ifindex)).to.have.members(links.map(({ ifindex }) => ifindex));
      const queues = await lastValueFrom(client.list('queue-get'));
      for (const { ifindex, ifname, num_rx_queues } of links.filter(({ ifname }) => ifname !== 'lo')) {
        const rx = queues.filter((queue) => queue.ifindex === ifindex && queue.type === 'rx').map(({ id }) => id);
        expect(rx, ifname).to.deep.equal(Array.from({ length: num_rx_queues }, (_, index) => index));
      }
      const own = links.find(({ ifname }) => ifname === 'v0')!.ifindex;
      expect(await lastValueFrom(client.do('dev-get', { ifindex: own }))).to.include({ ifindex: own });
    });

    it('receives a notification when a link is added or deleted', async () => {
      using client = netdev(options());
      const received = firstValueFrom(client.notifications('mgmt').pipe(take(2), toArray()));
      await new Promise((resolve) => setTimeout(resolve, 100));
      namespace().ip('link add gone7 type bridge');
      const [{ ifindex } = { ifindex: 0 }] = json<{ ifindex: number }>(namespace(), 'ip -j link show gone7');
      namespace().ip('link del gone7');
      expect((await received).map(({ op, value }) => [op, value.ifindex])).to.deep.equal([
        ['dev-add-ntf', ifindex],
        ['dev-del-ntf', ifindex],
      ]);
    });
  });

  describe('nlctrl', () => {
    const families = (context: Mocha.Context): string => {
      try {
        return namespace().run('genl', 'ctrl', 'list');
      } catch (error) {
        if (!/stack smashing detected/.test(String(error))) throw error;
        skipBecause(context, 'genl crashes', error);
      }
    };

    it('lists the families of genl ctrl with their numbers, versions, operations and groups', async function () {
      using client = nlctrl(options());
      const rows = await lastValueFrom(client.list('getfamily'));
      const blocks = families(this)
        .split(/^Name: /m)
        .slice(1);
      const number = (text: string, key: RegExp) => Number(key.exec(text)?.[1]);
      const shown = blocks.map((text) => ({
        familyName: /^\S+/.exec(text)![0],
        familyId: number(text, /ID: (0x[0-9a-f]+)/),
        version: number(text, /Version: (0x[0-9a-f]+)/),
        hdrsize: number(text, /header size: (\d+)/),
        maxattr: number(text, /max attribs: (\d+)/),
        ops: [...text.matchAll(/#\d+: {2}ID-(0x[0-9a-f]+) *\n/g)].map(([, id]) => Number(id)),
        groups: [...text.matchAll(/ID-(0x[0-9a-f]+) {2}name: (\S+)/g)].map(([, id, name]) => [Number(id), name]),
      }));
      const read = rows.map(({ familyName, familyId, version, hdrsize, maxattr, ops, mcastGroups }) => ({
        familyName,
        familyId,
        version,
        hdrsize,
        maxattr,
        ops: (ops ?? []).map(({ id }) => id),
        groups: (mcastGroups ?? []).map(({ id, name }) => [id, name]),
      }));
      expect(read).to.deep.equal(shown);
      expect(read.length).to.be.above(4);
      expect(await lastValueFrom(client.do('getfamily', { familyName: 'nlctrl' }))).to.include({ familyId: 16 });
    });

    it('reads the policy of an attribute', async () => {
      using client = nlctrl(options());
      const rows = await lastValueFrom(client.list('getpolicy', { familyName: 'tcp_metrics' }));
      const policies = rows.flatMap(({ policy }) => policy ?? []);
      // TCP_METRICS_ATTR_ADDR_IPV6 of uapi/linux/tcp_metrics.h is 2
      const policy = policies.find(({ attrId }) => attrId === 2);
      expect(policy).to.include({ type: 'binary', maxLength: 16 });
      // Newer kernels require the exact length.
      expect([undefined, 16]).to.include(policy?.minLength);
    });

    it('fails with ENOENT for a family that does not exist', async () => {
      using client = nlctrl(options());
      expect(await failure(lastValueFrom(client.do('getfamily', { familyName: 'no-such' })))).to.include({ code: 'ENOENT' });
    });
  });

  describe('absent families', () => {
    const SPEC = (name: string) => `
name: ${name}
protocol: genetlink
attribute-sets: [{ name: all, attributes: [{ name: id, type: u32 }] }]
operations: { list: [{ name: get, value: 1, attribute-set: all, dump: { reply: { attributes: [id] } } }] }
`;
    it('fail with FamilyNotFoundError, which names the module to load', async function () {
      using client = wireguard(options());
      const error = await lastValueFrom(client.list('get-device', { ifname: 'wg0' })).catch((reason: unknown) => reason);
      if (!(error instanceof FamilyNotFoundError)) skipBecause(this, 'this kernel has WireGuard');
      expect(error.message).to.equal(
        "ENOENT getfamily: generic netlink family 'wireguard' not found; try `modprobe wireguard` (CONFIG_WIREGUARD)",
      );
      expect(error.cause).to.be.instanceOf(KernelError);
    });

    for (const name of ['thermal', 'VFS_DQUOT']) {
      it(`fail with an error that names the first network namespace if it has the family: ${name}`, async function () {
        const load = loadFamily(SPEC(name));
        using client = load(options());
        const error: unknown = await failure(lastValueFrom(client.list('get')));
        expect(error).to.be.instanceOf(FamilyNotFoundError);
        expect((error as Error).message).to.equal(
          `ENOENT getfamily: generic netlink family '${name}' not found; it exists in the first network namespace only`,
        );
        using first = load();
        const there = await lastValueFrom(first.list('get')).catch((reason: unknown) => reason);
        if (there instanceof FamilyNotFoundError) skipBecause(this, `this is not the first network namespace, or the kernel lacks ${name}`);
        expect(there).to.not.be.instanceOf(FamilyNotFoundError);
      });
    }
  });
});
