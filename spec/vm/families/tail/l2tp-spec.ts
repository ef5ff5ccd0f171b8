import { expect } from 'chai';
import { firstValueFrom, take, toArray } from 'rxjs';
import { l2tp, type L2tpFamily } from '../../../../lib/families/l2tp.js';
import type { KernelError } from '../../../../lib/index.js';
import type { WatchableClient } from '../../../../lib/live/index.js';
import { useWatchers } from '../../../kernel/live/watcher.js';
import { json, last, modules, run } from '../../support.js';

type Tunnel = L2tpFamily['dump']['tunnel-get']['reply'];
type Session = L2tpFamily['dump']['session-get']['reply'];
type Shown = Readonly<Record<string, unknown>>;

/** Returns a tunnel as ip prints it. */
function tunnelRow(tunnel: Tunnel): Shown {
  const { connId, peerConnId, encapType, ipSaddr, ipDaddr, ip6Saddr, ip6Daddr, udpSport, udpDport, udpCsum } = tunnel;
  const isUdp = encapType === 'udp';
  return {
    ...{ tunnel_id: connId, encap: encapType === 'udp' ? 'UDP' : 'IP', local: ipSaddr ?? ip6Saddr, peer: ipDaddr ?? ip6Daddr },
    peer_tunnel: peerConnId,
    ...(isUdp ? { local_port: udpSport, peer_port: udpDport } : {}),
    ...(isUdp && udpCsum !== undefined ? { checksum: udpCsum === 1 } : {}),
  };
}

/** Returns a session as ip prints it. */
function sessionRow({ connId, peerConnId, sessionId, peerSessionId, ifname, cookie, peerCookie, sendSeq, recvSeq }: Session): Shown {
  const hex = (bytes?: Uint8Array) => Buffer.from(bytes ?? []).toString('hex');
  return {
    ...{ session_id: sessionId, tunnel_id: connId, peer_session_id: peerSessionId, peer_tunnel_id: peerConnId, interface: ifname },
    ...(cookie === undefined ? {} : { cookie: hex(cookie) }),
    ...(peerCookie === undefined ? {} : { peer_cookie: hex(peerCookie) }),
    ...(sendSeq === 1 ? { send_seq: null } : {}),
    ...(recvSeq === 1 ? { recv_seq: null } : {}),
  };
}

describe('l2tp on the wide kernel', () => {
  const watch = useWatchers();
  let client: WatchableClient<L2tpFamily, 'tunnel-get' | 'session-get'>;

  const tunnels = () => json<Shown[]>('ip -j l2tp show tunnel');
  // In a list, ip 6.15 repeats the cookies of a session at the next one without cookies: all sessions here have cookies.
  const COOKIES = 'cookie 0102030405060708 peer_cookie deadbeef';
  const sessions = () => json<Shown[]>('ip -j l2tp show session');
  const sorted = (rows: readonly Shown[], key: string) => [...rows].sort((one, other) => Number(one[key]) - Number(other[key]));

  before(() => {
    modules('l2tp_netlink', 'l2tp_eth', 'l2tp_ip', 'l2tp_ip6');
    run('ip link set lo up');
    client = l2tp();
    client.socket.connect();
  });
  after(() => {
    client?.close();
    for (const { tunnel_id: id } of tunnels()) run(`ip l2tp del tunnel tunnel_id ${String(id)}`);
  });

  it('reads tunnels and sessions that ip has created', async () => {
    run('ip l2tp add tunnel tunnel_id 3000 peer_tunnel_id 4000 encap udp local 127.0.0.1 remote 127.0.0.2 udp_sport 5000 udp_dport 6000');
    run('ip l2tp add tunnel tunnel_id 3001 peer_tunnel_id 4001 encap ip local 127.0.0.1 remote 127.0.0.3');
    run(
      'ip l2tp add session name vml0 tunnel_id 3000 session_id 1 peer_session_id 2 cookie 0102030405060708 peer_cookie deadbeef seq both',
    );
    run(`ip l2tp add session name vml1 tunnel_id 3001 session_id 5 peer_session_id 6 ${COOKIES}`);
    const read = (await last(client.list('tunnel-get'))).map(tunnelRow);
    expect(sorted(read, 'tunnel_id')).to.deep.equal(sorted(tunnels(), 'tunnel_id'));
    const rows = (await last(client.list('session-get'))).map(sessionRow);
    expect(sorted(rows, 'session_id')).to.deep.equal(sorted(sessions(), 'session_id'));
  });

  it('creates a tunnel and a session, which ip shows', async () => {
    await last(
      client.do('tunnel-create', {
        ...{ connId: 3002, peerConnId: 4002, protoVersion: 3, encapType: 'udp', udpCsum: 1 },
        ...{ ipSaddr: '127.0.0.1', ipDaddr: '127.0.0.4', udpSport: 5002, udpDport: 6002 },
      }),
    );
    expect(tunnels()).to.deep.include({
      ...{ tunnel_id: 3002, encap: 'UDP', local: '127.0.0.1', peer: '127.0.0.4', peer_tunnel: 4002 },
      ...{ local_port: 5002, peer_port: 6002, checksum: true },
    });
    const session = { connId: 3002, sessionId: 9, peerSessionId: 10, pwType: 'eth', ifname: 'vml2' } as const;
    const cookie = Buffer.from('deadbeef', 'hex');
    await last(client.do('session-create', { ...session, cookie, peerCookie: Buffer.from('0a0b0c0d', 'hex'), sendSeq: 1 }));
    expect(sessions()).to.deep.include({
      ...{ session_id: 9, tunnel_id: 3002, peer_session_id: 10, peer_tunnel_id: 4002, interface: 'vml2' },
      ...{ cookie: 'deadbeef', peer_cookie: '0a0b0c0d', send_seq: null },
    });
    await last(client.do('session-modify', { ifname: 'vml2', sendSeq: 0, recvSeq: 1 }));
    expect(sessions().find(({ interface: name }) => name === 'vml2'))
      .to.include.keys('recv_seq')
      .and.not.include.keys('send_seq');
  });

  it('watches tunnels and sessions, also those that disappear with their tunnel', async () => {
    const [left, right] = [watch(client.watch('tunnel-get')), watch(client.watch('session-get'))];
    await left.has('three tunnels', (rows) => rows.length === 3);
    await right.has('three sessions', (rows) => rows.length === 3);
    const events = firstValueFrom(client.notifications('l2tp').pipe(take(2), toArray()));
    run(`ip l2tp add session name vml3 tunnel_id 3001 session_id 7 peer_session_id 8 ${COOKIES}`);
    await right.has('four sessions', (rows) => rows.length === 4);
    expect(sorted(right.entries!.map(sessionRow), 'session_id')).to.deep.equal(sorted(sessions(), 'session_id'));
    run('ip l2tp del tunnel tunnel_id 3001');
    await left.has('two tunnels', (rows) => rows.length === 2);
    await right.has('two sessions', (rows) => rows.length === 2);
    expect(sorted(left.entries!.map(tunnelRow), 'tunnel_id')).to.deep.equal(sorted(tunnels(), 'tunnel_id'));
    expect((await events).map(({ op, value }) => [op, value.connId])).to.deep.equal([
      ['session-create-ntf', 3001],
      ['tunnel-delete-ntf', 3001],
    ]);
  });

  it('watches no tunnels and sessions of another network namespace, whose events arrive too', async () => {
    const shown = tunnels();
    const [left, right] = [watch(client.watch('tunnel-get')), watch(client.watch('session-get'))];
    await left.has('the tunnels', (rows) => rows.length === shown.length);
    await right.has('the sessions', (rows) => rows.length === sessions().length);
    run('ip netns add vmother');
    try {
      const events = firstValueFrom(client.notifications('l2tp').pipe(take(3), toArray()));
      run('ip -n vmother link set lo up');
      const addresses = 'local 127.0.0.1 remote 127.0.0.2 udp_sport 5000 udp_dport 6000';
      // The same number as a tunnel here: its end there must not remove the tunnel here.
      run(`ip -n vmother l2tp add tunnel tunnel_id 3000 peer_tunnel_id 9999 encap udp ${addresses}`);
      run(`ip -n vmother l2tp add session name vmo0 tunnel_id 3000 session_id 77 peer_session_id 78 ${COOKIES}`);
      run('ip -n vmother l2tp del tunnel tunnel_id 3000');
      expect((await events).map(({ op, value }) => [op, value.connId, value.peerConnId])).to.deep.equal([
        ['tunnel-create-ntf', 3000, 9999],
        ['session-create-ntf', 3000, 9999],
        ['tunnel-delete-ntf', 3000, 9999],
      ]);
    } finally {
      run('ip netns del vmother');
    }
    // The last event is one of this namespace: the collections have handled those before it.
    run(`ip l2tp add session name vml4 tunnel_id 3000 session_id 11 peer_session_id 12 ${COOKIES}`);
    await right.has('the new session', (rows) => rows.some(({ sessionId }) => sessionId === 11));
    expect(sorted(right.entries!.map(sessionRow), 'session_id')).to.deep.equal(sorted(sessions(), 'session_id'));
    expect(sorted(left.entries!.map(tunnelRow), 'tunnel_id')).to.deep.equal(sorted(shown, 'tunnel_id'));
  });

  it('deletes both, and names them in errors', async () => {
    await last(client.do('session-delete', { connId: 3002, sessionId: 9 }));
    await last(client.do('tunnel-delete', { connId: 3002 }));
    expect(tunnels().map(({ tunnel_id: id }) => id)).to.not.include(3002);
    const error = (await last(client.do('tunnel-get', { connId: 3002 })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.equal('ENODEV tunnel-get: tunnel 3002');
  });

  it('rejects a cookie of 5 bytes, which the kernel would accept', async () => {
    const request = { connId: 3000, sessionId: 20, peerSessionId: 21, pwType: 'eth', cookie: Buffer.alloc(5) } as const;
    const error = (await last(client.do('session-create', request)).catch((reason: unknown) => reason)) as Error;
    expect(error.message).to.include('expected 4 or 8 bytes, got 5');
  });

  it('rejects 0 for udpCsum, with which the kernel would set checksums', async () => {
    const request = { connId: 1, peerConnId: 1, protoVersion: 3, encapType: 'udp', udpCsum: 0 } as const;
    const error = (await last(client.do('tunnel-create', request)).catch((reason: unknown) => reason)) as Error;
    expect(error.name).to.equal('EncodeError');
  });
});
