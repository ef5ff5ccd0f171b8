import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { ovpn } from '../../../lib/families/ovpn.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { poke } from '../simulated.js';
import { all, json, last, run } from '../support.js';
import { spawnSync } from '../../support/programs.js';
import { requireFamily } from './require-family.js';

const NAMESPACE = `vmovpn${process.pid}`;
const PORTS = [21194, 21195] as const;
const LOCALHOST = '127.0.0.1';
const KEYS = [7, 9].map((seed) => ({
  cipherKey: Uint8Array.from({ length: 32 }, (_, index) => seed * index),
  nonceTail: Uint8Array.from({ length: 8 }, (_, index) => seed + index),
}));
const IPV6 = '/proc/sys/net/ipv6/conf';
/** The headers of IPv4 and UDP. */
const HEADERS = 28;
/** The bytes that OpenVPN adds to a packet in transit: opcode and peer, packet number, tag of AES-GCM. */
const OVERHEAD = 4 + 4 + 16;

interface Counters {
  readonly stats64: {
    readonly rx: { readonly packets: number; readonly bytes: number };
    readonly tx: { readonly packets: number; readonly bytes: number };
  };
}

/** Opens a UDP socket; its descriptor is what the kernel wants for a peer. */
async function openUdp(port: number): Promise<{ socket: Socket; fd: number }> {
  const socket = createSocket('udp4');
  socket.bind(port, LOCALHOST);
  await once(socket, 'listening');
  return { socket, fd: (socket as unknown as { _handle: { fd: number } })._handle.fd };
}

async function sendUdp(address: string, size: number): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => {
    socket.send(Buffer.alloc(size), 9, address, () => {
      resolve();
    });
  });
  socket.close();
}

const readCounters = (where = '', device = 'vmovpn0'): Counters['stats64'] =>
  json<Counters[]>(`ip ${where}-s -j link show dev ${device}`)[0]!.stats64;

/** Waits until the device has received packets. */
async function receivePackets(count: number): Promise<void> {
  for (let attempt = 0; attempt < 50 && readCounters().rx.packets < count; attempt++) await setTimeout(100);
}

describe('ovpn on a wide kernel', () => {
  const sockets: Socket[] = [];
  const ifindexes: number[] = [];

  before(async function () {
    await requireFamily(this, 'ovpn');
    run(`ip netns add ${NAMESPACE}`);
    using links = rtLink();
    for (const side of [0, 1]) {
      await last(links.do('newlink', { ifname: `vmovpn${side}`, linkinfo: { kind: 'ovpn', data: { mode: 'p2p' } } }, { create: true }));
      ifindexes.push((await last(links.do('getlink', { ifname: `vmovpn${side}` }))).ifiIndex);
      const { socket, fd } = await openUdp(PORTS[side]!);
      sockets.push(socket);
      using client = ovpn();
      const peer = { id: 5, socket: fd, remoteIpv4: LOCALHOST, remotePort: PORTS[1 - side]!, keepaliveInterval: 0, keepaliveTimeout: 0 };
      await last(client.do('peer-new', { ifindex: ifindexes[side]!, peer }));
      const keyconf = {
        peerId: 5,
        slot: 'primary',
        keyId: 3,
        cipherAlg: 'aes-gcm',
        encryptDir: KEYS[side]!,
        decryptDir: KEYS[1 - side]!,
      } as const;
      await last(client.do('key-new', { ifindex: ifindexes[side]!, keyconf }));
    }
    run(`ip link set vmovpn1 netns ${NAMESPACE}`);
    run('ip address add 10.8.0.1/24 dev vmovpn0');
    poke(`${IPV6}/vmovpn0/disable_ipv6`, 1);
    spawnSync('ip', ['netns', 'exec', NAMESPACE, 'sh', '-c', `echo 1 > ${IPV6}/vmovpn1/disable_ipv6`]);
    run('ip link set vmovpn0 up');
    for (const line of ['address add 10.8.0.2/24 dev vmovpn1', 'link set vmovpn1 up']) run(`ip -n ${NAMESPACE} ${line}`);
  });
  after(() => {
    spawnSync('ip', ['netns', 'del', NAMESPACE]);
    spawnSync('ip', ['link', 'del', 'vmovpn0']);
    for (const socket of sockets) socket.close();
  });

  it('writes peers and keys with which packets pass, and reads the counters that ip shows', async () => {
    // No program listens there: an ICMP message answers each datagram.
    for (let count = 0; count < 3; count++) await sendUdp('10.8.0.2', 100);
    await receivePackets(3);
    using client = ovpn();
    const ifindex = ifindexes[0]!;
    const rows = await all(client.dump('peer-get', { ifindex }));
    expect(rows).to.have.length(1);
    const { peer } = rows[0]!;
    const { rx, tx } = readCounters();
    expect(peer).to.include({ id: 5, remoteIpv4: LOCALHOST, remotePort: PORTS[1], localIpv4: LOCALHOST, localPort: PORTS[0] });
    expect([peer!.vpnRxPackets, peer!.vpnTxPackets].map(Number)).to.deep.equal([rx.packets, tx.packets]);
    // ip counts the bytes that leave the tunnel as the other device receives them: this device counts its headers too.
    const { rx: there } = readCounters(`-n ${NAMESPACE} `, 'vmovpn1');
    expect([peer!.vpnRxBytes, peer!.vpnTxBytes].map(Number)).to.deep.equal([rx.bytes, there.bytes]);
    expect(there.bytes).to.equal(3 * (100 + HEADERS));
    expect([rx.packets, tx.packets]).to.deep.equal([3, 3]);
    expect(Number(peer!.linkTxBytes)).to.equal(there.bytes + 3 * OVERHEAD);
    expect(await last(client.do('peer-get', { ifindex, peer: { id: 5 } }))).to.deep.equal({ ...rows[0] });
  });

  it('writes the timers of a peer, and reads them', async () => {
    using client = ovpn();
    const ifindex = ifindexes[0]!;
    await last(client.do('peer-set', { ifindex, peer: { id: 5, keepaliveInterval: 30, keepaliveTimeout: 120 } }));
    const { peer } = await last(client.do('peer-get', { ifindex, peer: { id: 5 } }));
    expect(peer).to.include({ keepaliveInterval: 30, keepaliveTimeout: 120 });
  });

  it('writes a second key, swaps both, and reads no key material', async () => {
    using client = ovpn();
    const ifindex = ifindexes[0]!;
    const readSlot = async (slot: 'primary' | 'secondary'): Promise<unknown> =>
      (await last(client.do('key-get', { ifindex, keyconf: { peerId: 5, slot } }))).keyconf;
    const second = {
      peerId: 5,
      slot: 'secondary',
      keyId: 4,
      cipherAlg: 'chacha20-poly1305',
      encryptDir: KEYS[0]!,
      decryptDir: KEYS[1]!,
    } as const;
    await last(client.do('key-new', { ifindex, keyconf: second }));
    await last(client.do('key-swap', { ifindex, keyconf: { peerId: 5 } }));
    expect(await readSlot('primary')).to.deep.equal({ peerId: 5, slot: 'primary', keyId: 4, cipherAlg: 'chacha20-poly1305' });
    expect(await readSlot('secondary')).to.deep.equal({ peerId: 5, slot: 'secondary', keyId: 3, cipherAlg: 'aes-gcm' });
    await last(client.do('key-del', { ifindex, keyconf: { peerId: 5, slot: 'secondary' } }));
    const error = await readSlot('secondary').then(String, String);
    expect(error).to.include('ENOENT');
  });

  it('reports a peer that was deleted', async () => {
    using client = ovpn();
    const ifindex = ifindexes[0]!;
    const event = firstValueFrom(client.notifications('peers'));
    await last(client.do('peer-del', { ifindex, peer: { id: 5 } }));
    const { op, value } = await event;
    expect(op).to.equal('peer-del-ntf');
    expect(value).to.deep.include({ ifindex });
    expect((value as { peer?: object }).peer).to.deep.include({ id: 5, delReason: 'userspace' });
    expect(await all(client.dump('peer-get', { ifindex }))).to.deep.equal([]);
  });
});
