/**
 * A Python program that opens sockets of the address family vsock: listeners, connections, one of them half closed.
 *
 * 40 is AF_VSOCK; 1 is VMADDR_CID_LOCAL, which the module vsock_loopback serves; 0xffffffff is VMADDR_CID_ANY.
 */
export const VSOCK = `
import socket as s, sys
kept = []
def pair(kind, local, port):
    server = s.socket(40, kind)
    server.bind((local, port))
    server.listen(3)
    client = s.socket(40, kind)
    client.connect((1, port))
    peer, _ = server.accept()
    kept.extend((server, client, peer))
    return client
pair(s.SOCK_STREAM, 0xffffffff, 1234).shutdown(s.SHUT_RD)
pair(s.SOCK_SEQPACKET, 1, 77)
bound = s.socket(40, s.SOCK_STREAM)
bound.bind((1, 5000))
kept.append(bound)
`;

/** Raw sockets of both address families: with marks, connected, bound to a device, of a user, with data that no program reads. */
export const RAW = `
import os, socket as s, sys
kept = []
def raw(family, protocol, local=None, peer=None, mark=0, dev=b'', user=0):
    one = s.socket(family, s.SOCK_RAW, protocol)
    if mark: one.setsockopt(s.SOL_SOCKET, 36, mark)
    if dev: one.setsockopt(s.SOL_SOCKET, 25, dev)
    if local: one.bind((local, 0))
    if peer: one.connect((peer, 0))
    if user: os.fchown(one.fileno(), user, -1)
    kept.append(one)
    return one
raw(s.AF_INET, 1)
raw(s.AF_INET, 89, '127.0.0.1', '127.0.0.2', mark=5)
raw(s.AF_INET, 200, '127.0.0.7', dev=b'lo')
raw(s.AF_INET, 201, peer='127.0.0.9', user=1234)
raw(s.AF_INET6, 58)
raw(s.AF_INET6, 89, '::1', '::1', mark=0x77)
raw(s.AF_INET6, 201, dev=b'lo', user=4321)
raw(s.AF_INET, 202).sendto(b'x' * 300, ('127.0.0.1', 0))
`;

/**
 * XDP sockets: with all rings, with a shared memory area, without memory, on two devices, one with counted errors.
 *
 * 44 is AF_XDP, 283 is SOL_XDP; 2, 3, 5 and 6 are XDP_RX_RING, XDP_TX_RING, XDP_UMEM_FILL_RING and XDP_UMEM_COMPLETION_RING;
 * 4 is XDP_UMEM_REG, 1 is XDP_MMAP_OFFSETS. XDP_SHARED_UMEM is 1, XDP_COPY 2. The ring of sent frames lies at the page offset 0x80000000.
 */
export const XDP = `
import ctypes, mmap, os, socket as s, struct, sys
kept = []
libc = ctypes.CDLL(None, use_errno=True)
def xdp(memory=0, rx=0, tx=0, fill=0, done=0, dev=None, chunk=2048, headroom=0, share=None, user=0):
    one = s.socket(44, s.SOCK_RAW)
    if memory:
        area = mmap.mmap(-1, memory)
        address = ctypes.addressof(ctypes.c_char.from_buffer(area))
        one.setsockopt(283, 4, struct.pack('=QQIIII', address, memory, chunk, headroom, 0, 0))
        kept.append(area)
    for option, entries in ((2, rx), (3, tx), (5, fill), (6, done)):
        if entries: one.setsockopt(283, option, struct.pack('=I', entries))
    if dev:
        flags, shared = (2, 0) if share is None else (1, share.fileno())
        name = struct.pack('=HHIII', 44, flags, s.if_nametoindex(dev), 0, shared)
        if libc.bind(one.fileno(), name, len(name)): raise OSError(ctypes.get_errno(), 'bind')
    if user: os.fchown(one.fileno(), user, -1)
    kept.append(one)
    return one
first = xdp(1 << 16, 64, 128, 256, 512, 'lo')
xdp(rx=16, dev='lo', share=first)
xdp(1 << 17, tx=32, fill=16, done=16, dev='v0', chunk=4096, headroom=100, user=1234)
xdp(1 << 14, rx=8)
xdp()
# A frame outside the memory area.
producer, _, descriptors, _ = struct.unpack_from('=4Q', first.getsockopt(283, 1, 128), 32)
ring = mmap.mmap(first.fileno(), descriptors + 128 * 16, offset=0x80000000)
struct.pack_into('=QII', ring, descriptors, 1 << 40, 10, 0)
struct.pack_into('=I', ring, producer, 1)
libc.sendto(first.fileno(), None, 0, s.MSG_DONTWAIT, None, 0)
kept.append(ring)
`;
