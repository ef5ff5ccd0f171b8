import { createNamespace, namespaceError, type Namespace } from '../../support/namespace.js';
import { usePrograms } from '../../support/programs.js';
import { pause, until } from '../../support/sockets.js';

/** The port to which the packets go. */
export const PORT = 9000;
export const SOURCE = '10.77.0.1';
export const DESTINATION = '10.77.0.2';

/** The data of the datagram that is the last one of each spec. */
const LAST = 'the last datagram of the spec';

/** Sends IPv4 packets unchanged: each line of the input is one, in hex; a number behind it repeats it. */
const SEND = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
for line in sys.stdin:
    data, _, times = line.strip().partition(' ')
    packet = bytes.fromhex(data)
    for _ in range(int(times or 1)):
        s.sendto(packet, ('${DESTINATION}', 0))
`;

/** Prints the data of each UDP datagram. 33 is SO_RCVBUFFORCE. */
const RECEIVE = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, 33, 1 << 26)
s.bind(('0.0.0.0', ${String(PORT)}))
print('ready', flush=True)
while True:
    print(s.recv(65536).hex(), flush=True)
`;

/**
 * Builds an IPv4 packet with a UDP datagram to {@link PORT}, as bytes: the header (20 bytes, correct checksum), the UDP header (8 bytes, no
 * checksum), the data.
 *
 * @param id - The identification of the packet; not 0, because the kernel replaces 0.
 */
export function udpPacket(id: number, data: Uint8Array): Uint8Array {
  const length = 28 + data.byteLength;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x45, 0, length >> 8, length & 255, id >> 8, id & 255, 0x40, 0, 64, 17, 0, 0, 10, 77, 0, 1, 10, 77, 0, 2]);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(10, ~sum & 0xffff);
  view.setUint16(20, 4444);
  view.setUint16(22, PORT);
  view.setUint16(24, 8 + data.byteLength);
  bytes.set(data, 28);
  return bytes;
}

/** Returns the text of bytes in hex. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Two namespaces with a cable: packets go from `sender` to `receiver`. */
export interface PacketLink {
  readonly sender: Namespace;
  readonly receiver: Namespace;
  /** Sends packets and returns when the last one has left. The receiving side runs meanwhile, in the kernel. */
  send(...packets: readonly Uint8Array[]): void;
  /** Sends one packet many times. */
  sendMany(packet: Uint8Array, times: number): void;
  /** Sends one packet many times while the event loop runs. */
  sendInBackground(packet: Uint8Array, times: number): void;
  /** The data of the datagrams that the receiving program has printed so far, in hex. */
  readonly received: string[];
  /** Adds rules in the receiving namespace; the arguments are split at blanks. */
  rule(line: string): void;
  /** Deletes the rules, and forgets the received datagrams after the receiving program has printed all of them. */
  clear(): Promise<void>;
  /** Returns the packets that each rule of a chain has counted, in order. */
  counts(table: string, chain: string): number[];
  delete(): void;
}

/** Makes a link whose receiver reads datagrams. */
async function createPacketLink(): Promise<PacketLink> {
  const [sender, receiver] = [createNamespace(), createNamespace()];
  sender.ip(`link add v0 type veth peer name v1 netns ${receiver.path}`);
  sender.batch([`addr add ${SOURCE}/24 dev v0`, 'link set v0 address 02:00:00:00:77:01 up']);
  receiver.batch([`addr add ${DESTINATION}/24 dev v1`, 'link set v1 address 02:00:00:00:77:02 up']);
  sender.ip(`neigh add ${DESTINATION} lladdr 02:00:00:00:77:02 dev v0 nud permanent`);
  receiver.ip(`neigh add ${SOURCE} lladdr 02:00:00:00:77:01 dev v1 nud permanent`);
  const lines: string[] = [];
  const program = receiver.start('python3', '-u', '-c', RECEIVE);
  let rest = '';
  program.stdout!.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
  });
  await until('the receiver', () => lines.length > 0);
  lines.length = 0;
  const send = (...packets: readonly Uint8Array[]): void =>
    void sender.run('sh', '-c', `printf '%s\\n' ${packets.map((packet) => hex(packet)).join(' ')} | python3 -c "$0"`, SEND);
  return {
    sender,
    receiver,
    received: lines,
    send,
    sendMany: (packet, times) => void sender.run('sh', '-c', `echo ${hex(packet)} ${times} | python3 -c "$0"`, SEND),
    sendInBackground: (packet, times) => void sender.start('sh', '-c', `echo ${hex(packet)} ${times} | python3 -c "$0"`, SEND),
    rule: (line) => void receiver.run('iptables', '-w', ...line.split(' ')),
    clear: async () => {
      for (const table of ['mangle', 'filter']) receiver.run('iptables', '-w', '-t', table, '-F');
      // Datagrams that the program prints later would belong to the next spec.
      const last = Buffer.from(LAST);
      send(udpPacket(1, last));
      await until('the last datagram of the spec', () => lines.includes(last.toString('hex')), 20_000);
      lines.length = 0;
    },
    counts: (table, chain) => {
      const rows = receiver.run('iptables', '-w', '-t', table, '-L', chain, '-v', '-x', '-n').trim().split('\n').slice(2);
      return rows.map((row) => Number(row.trim().split(/\s+/)[0]));
    },
    delete: () => {
      sender.delete();
      receiver.delete();
    },
  };
}

/** The link of a `describe`. Each spec adds its subscriptions; they end with it, and its rules go. */
export interface LinkInUse {
  (): PacketLink;
  readonly subscriptions: { unsubscribe(): void }[];
}

/** Makes a link for the specs of a `describe`, and deletes it after them; skips them if that is not possible here. */
export function usePacketLink(): LinkInUse {
  usePrograms('iptables', 'python3');
  let link: PacketLink | undefined;
  const subscriptions: { unsubscribe(): void }[] = [];
  const use = (): PacketLink => {
    if (link === undefined) throw new Error('usePacketLink: the link exists only while the specs run');
    return link;
  };
  before(async () => {
    const refused = namespaceError();
    if (refused !== undefined) throw refused;
    link = await createPacketLink();
  });
  afterEach(async () => {
    for (const one of subscriptions.splice(0)) one.unsubscribe();
    await pause(5);
    await link?.clear();
  });
  after(() => link?.delete());
  return Object.assign(use, { subscriptions });
}
