import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { skipBecause, type Namespace } from '../../../support/namespace.js';

/**
 * A Python program that opens sockets: TCP over IPv4, IPv6 and mapped addresses, with marks, bound to an interface, with data that the peer does not
 * read, half closed; UDP and raw ones.
 */
export const OPEN = `
import socket as s, sys
kept = []
def listen(family, address, port):
    server = s.socket(family, s.SOCK_STREAM)
    server.bind((address, port))
    server.listen(5)
    kept.append(server)
    return server
def connect(server, family, address, data=b'', mark=0, dev=b'', cong=b''):
    client = s.socket(family, s.SOCK_STREAM)
    if mark: client.setsockopt(s.SOL_SOCKET, 36, mark)
    if dev: client.setsockopt(s.SOL_SOCKET, 25, dev)
    if cong: client.setsockopt(s.IPPROTO_TCP, 13, cong)
    client.connect((address, server.getsockname()[1]))
    peer, _ = server.accept()
    if data: client.sendall(data)
    kept.extend((client, peer))
    return client, peer
four = listen(s.AF_INET, '127.0.0.1', 5000)
wide = listen(s.AF_INET, '0.0.0.0', 5010)
six = listen(s.AF_INET6, '::1', 5001)
dual = listen(s.AF_INET6, '::', 5002)
client, peer = connect(four, s.AF_INET, '127.0.0.1', b'x' * 5000)
client.setsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE, 1)
peer.recv(1000)
connect(wide, s.AF_INET, '127.0.0.2', mark=0x17)
connect(wide, s.AF_INET, '127.8.0.1', mark=0x7, cong=b'cubic')
connect(wide, s.AF_INET, '127.0.0.3', dev=b'lo')
connect(six, s.AF_INET6, '::1', b'y' * 70000, mark=0x10)
connect(dual, s.AF_INET, '127.0.0.1')
connect(dual, s.AF_INET6, '::ffff:127.8.0.2')
connect(dual, s.AF_INET6, '::1', dev=b'lo')
gone, left = connect(four, s.AF_INET, '127.0.0.1')
gone.shutdown(s.SHUT_WR)
for family, address, port in ((s.AF_INET, '127.0.0.1', 5003), (s.AF_INET6, '::', 5004), (s.AF_INET6, '::1', 5005)):
    udp = s.socket(family, s.SOCK_DGRAM)
    udp.bind((address, port))
    kept.append(udp)
talk = s.socket(s.AF_INET, s.SOCK_DGRAM)
talk.connect(('127.0.0.1', 5003))
talk.send(b'z' * 99)
kept.append(talk)
kept.append(s.socket(s.AF_INET, s.SOCK_RAW, 1))
kept.append(s.socket(s.AF_INET6, s.SOCK_RAW, 58))
`;

/** More sockets of the other families. */
export const OTHERS = `
import os, tempfile
folder = tempfile.mkdtemp()
for kind, name in ((s.SOCK_STREAM, folder + '/stream'), (s.SOCK_STREAM, '\\0rxnl-abstract'), (s.SOCK_SEQPACKET, folder + '/packets')):
    server = s.socket(s.AF_UNIX, kind)
    server.bind(name)
    server.listen(4)
    client = s.socket(s.AF_UNIX, kind)
    client.connect(name)
    kept.extend((server, client))
waiting = s.socket(s.AF_UNIX)
waiting.connect(folder + '/stream')
kept.append(waiting)
one, two = s.socketpair(s.AF_UNIX, s.SOCK_DGRAM)
one.send(b'hello')
kept.extend((one, two))
packet = s.socket(s.AF_PACKET, s.SOCK_RAW, s.htons(3))
packet.bind(('lo', 3))
kept.append(packet)
kept.append(s.socket(s.AF_PACKET, s.SOCK_DGRAM, s.htons(0x800)))
`;

/** Subflows over loopback, with data that the peer does not read; none if the kernel has no MPTCP. */
export const MULTIPATH = `
import errno
try:
    server = s.socket(s.AF_INET, s.SOCK_STREAM, 262)
    server.bind(('127.0.0.1', 5020))
    server.listen(3)
    client = s.socket(s.AF_INET, s.SOCK_STREAM, 262)
    client.connect(('127.0.0.1', 5020))
    peer, _ = server.accept()
    client.sendall(b'x' * 4000)
    kept.extend((server, client, peer))
except OSError as error:
    if error.errno != errno.EPROTONOSUPPORT:
        raise
`;

/** Returns true if the kernel was built with MPTCP. */
export function hasMptcp(): boolean {
  return existsSync('/proc/sys/net/mptcp');
}

/** Skips a spec if the kernel was built without MPTCP. */
export function needsMptcp(context: Mocha.Context): void {
  if (!hasMptcp()) skipBecause(context, 'this kernel has no MPTCP (CONFIG_MPTCP)');
}

const WAIT = `
import time
time.sleep(0.5)  # until delayed acknowledgements are sent
print('ready', flush=True)
sys.stdin.readline()
`;

/** Starts a program that opens sockets, and waits until they are open. It ends with the namespace. */
export async function openSockets(namespace: Namespace, program: string): Promise<ChildProcess> {
  const child = namespace.start('python3', '-c', program + WAIT);
  let text = '';
  while (!text.includes('ready')) {
    const data: unknown = await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    if (child.exitCode !== null) throw new Error('python3 ended; its error is on the standard error of this run');
    text += String(data);
  }
  return child;
}
