import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { count, lastValueFrom, toArray } from 'rxjs';
import {
  AttributeEncoder,
  AttributeReader,
  KernelError,
  MessageFlags,
  Protocol,
  type Message,
  type NetlinkSocket,
} from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { join } from '../../support/rtnetlink.js';
import { errorOf, collect, until, useSockets } from '../../support/sockets.js';

/*
 * The integration tests of mdlayher/genetlink, and those of mdlayher/netlink that need generic families or nftables, under
 * their names. TestIntegrationConnConcurrentReceiveClose is in conn-spec.ts, because it tests the same socket.
 */

const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
/** CTRL_ATTR_FAMILY_ID and CTRL_ATTR_FAMILY_NAME. */
const ID = 1;
const NAME = 2;

const families = { type: GENL_ID_CTRL, flags: MessageFlags.Dump, payload: Uint8Array.of(CTRL_CMD_GETFAMILY, 1, 0, 0) };
const familyNamed = (name: string) => ({
  type: GENL_ID_CTRL,
  payload: join(Uint8Array.of(CTRL_CMD_GETFAMILY, 1, 0, 0), new AttributeEncoder().string(NAME, name).encode()),
});
const attribute = (message: Message, type: number) => new AttributeReader(message.payload, { start: 4 }).find(type);

describe('integration: generic families', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;

  beforeEach(() => {
    socket = open({ protocol: Protocol.Generic, netns: namespace().path });
    socket.connect();
  });

  const family = async (name: string) => (await lastValueFrom(socket.request(familyNamed(name)).pipe(toArray())))[0]!;

  it('TestIntegrationConnListFamilies, TestIntegrationConnGetFamily: lists nlctrl, and finds it by its name', async () => {
    const names = (await lastValueFrom(socket.request(families).pipe(toArray()))).map((message) => attribute(message, NAME)?.string());
    expect(names).to.include('nlctrl');
    const nlctrl = await family('nlctrl');
    expect([attribute(nlctrl, NAME)?.string(), attribute(nlctrl, ID)?.uint16()]).to.deep.equal(['nlctrl', GENL_ID_CTRL]);
  });

  it('TestIntegrationConnGetFamilyIsNotExist: fails with ENOENT for a family that does not exist', async () => {
    expect(await errorOf(socket.request(familyNamed('NOTEXISTS'))))
      .to.be.instanceOf(KernelError)
      .and.include({ code: 'ENOENT' });
  });

  it('TestIntegrationConnConcurrentRaceFree: receives all replies when 16 workers send 500 messages each on one socket', async () => {
    const { values } = collect(socket);
    await Promise.all(
      Array.from({ length: 16 }, async (_, worker) => {
        for (let round = 0; round < 500; round++) {
          const already = values.length;
          socket.send({ ...familyNamed('nlctrl'), flags: MessageFlags.Request });
          await until(`a reply for worker ${String(worker)}`, () => values.length > already);
        }
      }),
    );
    await until('all replies', () => values.length === 8000);
    expect(new Set(values.map(({ type }) => type))).to.deep.equal(new Set([GENL_ID_CTRL]));
    expect(new Set(values.map(({ sequence }) => sequence)).size).to.equal(8000);
  }).timeout(60_000);

  it('TestIntegrationConnConcurrentSerializeExecute: returns to each of two workers the family of its 1,000 requests', async () => {
    const names = (await lastValueFrom(socket.request(families).pipe(toArray()))).map(
      (message) => attribute(message, NAME)?.string() ?? '',
    );
    const two = ['nlctrl', names.find((name) => name !== 'nlctrl') ?? 'nlctrl'];
    await Promise.all(
      two.map(async (name) => {
        for (let round = 0; round < 1000; round++) expect(attribute(await family(name), NAME)?.string()).to.equal(name);
      }),
    );
    expect(socket.counters).to.include({ strays: 0, overruns: 0 });
  }).timeout(30_000);

  it('TestIntegrationConnNL80211: lists the wireless interfaces of the system', async function () {
    const nl80211 = await family('nl80211').catch(() => skipBecause(this, 'this kernel has no nl80211'));
    const NL80211_CMD_GET_INTERFACE = 5;
    const type = attribute(nl80211, ID)?.uint16() ?? 0;
    const own = open({ protocol: Protocol.Generic });
    const payload = Uint8Array.of(NL80211_CMD_GET_INTERFACE, 0, 0, 0);
    const rows = await lastValueFrom(own.request({ type, flags: MessageFlags.Dump, payload }).pipe(toArray()));
    const wireless = readdirSync('/sys/class/net').filter((name) => readdirSync(`/sys/class/net/${name}`).includes('phy80211'));
    const indexes = wireless.map((name) => Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8')));
    expect(rows.map((row) => attribute(row, 3)?.uint32())).to.have.members(indexes);
  });

  it('TestIntegrationEthtoolExtendedAcknowledge: fails with a message and an offset for a device that does not exist', async function () {
    const ethtool = await family('ethtool').catch(() => skipBecause(this, 'this kernel has no ethtool family'));
    const LINKINFO_GET = 2;
    const HEADER = 1;
    const DEV_NAME = 2;
    const attributes = new AttributeEncoder().nest(HEADER, (header) => header.string(DEV_NAME, 'notexist0')).encode();
    const request = { type: attribute(ethtool, ID)?.uint16() ?? 0, payload: join(Uint8Array.of(LINKINFO_GET, 1, 0, 0), attributes) };
    const error = (await errorOf(socket.request(request))) as KernelError;
    expect(error).to.be.instanceOf(KernelError).and.include({ code: 'ENODEV' });
    expect(error.extendedAck.message).to.equal('no device matches name');
    // The name follows nlmsghdr, genlmsghdr and the header of the nest.
    expect(error.extendedAck.offset).to.equal(16 + 4 + 4);
  });

  for (const rules of [1, 64, 4096]) {
    it(`BenchmarkNftablesDump: dumps a chain of ${String(rules)} rules as ${String(rules)} messages`, async function () {
      const GETRULE = (10 << 8) | 7;
      try {
        const script = `{ printf 'add table ip bench\\ndelete table ip bench\\nadd table ip bench\\nadd chain ip bench filter\\n';
          yes 'add rule ip bench filter accept' | head -n ${String(rules)}; } | nft -f -`;
        namespace().run('sh', '-c', script);
      } catch (error) {
        skipBecause(this, 'nft cannot load the rules', error);
      }
      const netfilter = open({ protocol: Protocol.Netfilter, netns: namespace().path });
      const dump = { type: GETRULE, flags: MessageFlags.Dump, payload: Uint8Array.of(2, 0, 0, 0) };
      expect(await lastValueFrom(netfilter.request(dump, { timeout: 5000 }).pipe(count()))).to.equal(rules);
    });
  }
});
