import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { omitUndefined } from '../../../lib/check/index.js';
import { Protocol, parseIp, type Message, type MessageInit, type NetlinkSocket, hostIsLittleEndian } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { collect, pause, useSockets } from '../../support/sockets.js';

/*
 * struct fib_result_nl { fl_addr: be32; fl_mark: u32; fl_tos, fl_scope, tb_id_in: u8; then the result: tb_id, prefixlen,
 * nh_sel, type, scope: u8; err: s32 } (net/ip_fib.h); the kernel ignores the message type.
 */
const SIZE = 20;
const RTN_UNICAST = 1;
const RTN_LOCAL = 2;

const MAIN = 254;
const LOCAL = 255;

function lookup(address: string, table = MAIN): MessageInit {
  const payload = new Uint8Array(SIZE);
  payload.set(parseIp(address));
  payload[10] = table;
  return { type: 0, payload };
}

function resultOf({ payload }: Message): { table: number; prefixLength: number; type: number; error: number } {
  const [table = 0, prefixLength = 0, , type = 0] = payload.subarray(11);
  return { table, prefixLength, type, error: new DataView(payload.buffer, payload.byteOffset).getInt32(16, hostIsLittleEndian) };
}

describe('FIB lookup', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;

  before(() => {
    namespace().ip('link add to type veth peer name fro');
    namespace().ip('link set to up');
    namespace().ip('link set fro up');
    namespace().ip('route add 192.0.2.0/24 dev to');
    namespace().ip('route add 192.0.2.128/25 dev to');
    namespace().ip('route add blackhole 198.51.100.0/22');
  });
  beforeEach(() => {
    socket = open({ protocol: Protocol.FibLookup, netns: namespace().path });
    socket.connect();
  });

  const resultsOf = async (init: MessageInit, ack?: boolean) => {
    const replies = await lastValueFrom(socket.request(init, { timeout: 2000, ...omitUndefined({ ack }) }).pipe(toArray()));
    return replies.map(resultOf);
  };

  for (const ack of [undefined, false, true]) {
    it(`returns only data when ${ack === undefined ? 'ack is omitted' : `ack is ${String(ack)}`}`, async () => {
      const cases: Record<string, { prefixLength: number; type: number }> = {
        '192.0.2.7': { prefixLength: 24, type: RTN_UNICAST },
        '192.0.2.200': { prefixLength: 25, type: RTN_UNICAST },
      };
      for (const [address, expected] of Object.entries(cases)) {
        const [result, ...more] = await resultsOf(lookup(address), ack);
        expect(more).to.deep.equal([]);
        expect(result).to.deep.include({ table: MAIN, error: 0, ...expected });
        // `ip route show match` lists the most specific route last.
        const shown = JSON.parse(namespace().run('ip', '-j', 'route', 'show', 'match', address)) as { dst: string }[];
        expect(shown.map(({ dst }) => dst)).to.include(
          `192.0.2.${expected.prefixLength === 24 ? '0' : '128'}/${String(expected.prefixLength)}`,
        );
      }
      expect(await resultsOf(lookup('127.0.0.2', LOCAL), ack)).to.deep.equal([
        { table: LOCAL, prefixLength: 8, type: RTN_LOCAL, error: 0 },
      ]);
    });
  }

  it('returns the error of a missing route, and of a blackhole, in the data', async () => {
    // ip prints "RTNETLINK answers: Invalid argument" for the blackhole.
    expect(() => namespace().run('ip', 'route', 'get', '198.51.100.1')).to.throw(/Invalid argument/);
    const EINVAL = -22;
    const EAGAIN = -11;
    expect((await resultsOf(lookup('198.51.100.1'))).map(({ error }) => error)).to.deep.equal([EINVAL]);
    expect((await resultsOf(lookup('203.0.113.1'))).map(({ error }) => error)).to.deep.equal([EAGAIN]);
  });

  it('returns its own result to each of 300 concurrent lookups, and leaves no stray', async () => {
    const addresses = Array.from({ length: 300 }, (_, index) => `192.0.2.${String(index % 256)}`);
    const results = await Promise.all(addresses.map((address) => resultsOf(lookup(address))));
    expect(results.map(([result]) => result?.prefixLength)).to.deep.equal(
      addresses.map((address) => (Number(address.split('.')[3]) < 128 ? 24 : 25)),
    );
    expect(socket.counters).to.include({ strays: 0, spoofed: 0, overruns: 0 });
  });

  it('emits the result of a sent lookup on the stream of the socket', async () => {
    const { values } = collect(socket);
    socket.send(lookup('192.0.2.7'));
    await pause();
    expect(values.map(resultOf)).to.have.length(1).with.nested.property('[0].prefixLength', 24);
  });
});
