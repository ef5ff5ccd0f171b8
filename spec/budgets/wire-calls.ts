/* What strace prints of the calls of netlink sockets. */

/** The system calls that open a netlink socket, send and receive. */
export const CALLS: readonly string[] = [
  ...['socket', 'setsockopt', 'bind'],
  ...['sendto', 'sendmsg', 'sendmmsg', 'recvfrom', 'recvmsg', 'recvmmsg'],
];

/** Returns a call of sending without its descriptor and the numbers that differ from run to run. */
export function requestOf(call: string): string {
  return call.replace(/\(\d+, /, '(').replace(/(nlmsg_seq|nlmsg_pid)=-?\d+/g, '$1=N');
}

/** A `recvmmsg`: its width and flags, and the number of received datagrams, negative if it failed. */
export interface Read {
  readonly width: number;
  readonly flags: string;
  readonly datagrams: number;
}

/** Returns the parts of a `recvmmsg`. */
export function readOf(call: string): Read {
  const [, width, flags, datagrams] = /, (\d+), ([A-Z_|]+), NULL\) = (-?\d+)/.exec(call)!;
  return { width: Number(width), flags: flags!, datagrams: Number(datagrams) };
}

export const isSend = (call: string): boolean => call.startsWith('send');
/** Returns true for `recvmmsg`, by which messages are read. */
export const isRead = (call: string): boolean => call.startsWith('recvmmsg');
export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Returns how the netlink sockets of a program are opened: each kind of call once, in the order of the alphabet. */
export function setup(calls: readonly string[]): string[] {
  const opened = new Set(calls.flatMap((call) => /^socket\(AF_NETLINK.* = (\d+)$/.exec(call)?.[1] ?? []));
  const ours = calls.filter((call) => {
    const [, name, of] = /^(\w+)\(([^,]+)/.exec(call)!;
    return name === 'socket' ? of === 'AF_NETLINK' : (name === 'setsockopt' || name === 'bind') && opened.has(of!);
  });
  return unique(ours.map((call) => call.replace(/\((\d+), /, '(').replace(/ = \d+$/, ''))).sort();
}

/** Returns the requests of a program, as they are sent. */
export const requests = (calls: readonly string[]): string[] => calls.filter(isSend).map(requestOf);

/** Returns the number of datagrams that a program has received. */
export const received = (calls: readonly string[]): number =>
  calls.filter(isRead).reduce((sum, call) => sum + Math.max(0, readOf(call).datagrams), 0);

/** Returns the reads that have received nothing: the queue was empty. */
export const emptyReads = (calls: readonly string[]): string[] => calls.filter((call) => call.startsWith('recv') && !/ = [1-9]/.test(call));

/** Returns the flags of reading. */
export const flags = (calls: readonly string[]): string[] => unique(calls.filter(isRead).map((call) => readOf(call).flags));

/** Returns the sizes of the buffers for datagrams. */
export const sizes = (calls: readonly string[]): string[] =>
  unique(calls.flatMap((call) => call.match(/iov_len=\d+\}\], msg_iovlen=1/g) ?? []));
