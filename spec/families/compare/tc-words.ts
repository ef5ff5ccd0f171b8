import { hostIsLittleEndian } from '../../../lib/index.js';

/** A tick of the packet scheduler is 64 ns (/proc/net/psched): a burst is stored as its duration at the rate. */
export const TICK = 64e-9;

/** ETH_P_* of linux/if_ether.h, as tc names them. */
const PROTOCOLS: Readonly<Record<number, string>> = {
  0x0003: 'all',
  0x0800: 'ip',
  0x0806: 'arp',
  0x8100: '802.1Q',
  0x86dd: 'ipv6',
  0x8847: 'mpls_uc',
  0x8864: 'ppp_ses',
  0x8902: 'cfm',
  0x88a8: '802.1ad',
};

export function protocolText(protocol: number): string | undefined {
  return PROTOCOLS[protocol];
}

export const handleText = (handle: number): string => {
  const [major, minor] = [handle >>> 16, handle & 0xffff].map((part) => part.toString(16));
  return `${major!}:${minor === '0' ? '' : minor!}`;
};

/** Returns an address with the length of its mask, unless the mask is complete. */
export function addressText(address: string, mask: string): string {
  const all = address.includes('.') ? 32 : address.replaceAll(/[^:]/g, '').length === 5 && !address.includes('::') ? 48 : 128;
  const bits = prefixOf(mask);
  return bits === all ? address : `${address}/${String(bits)}`;
}

/** Counts the set bits of a mask; the groups that `::` omits are 0. */
function prefixOf(mask: string): number {
  const groups = mask.includes('.') ? mask.split('.').map(Number) : mask.split(':').map((digits) => parseInt(digits || '0', 16));
  return groups.reduce((sum, group) => sum + group.toString(2).replaceAll('0', '').length, 0);
}

/** Returns a BPF program as tc prints it. */
export function bytecode(ops: Uint8Array): { readonly length: number; readonly insns: readonly object[] } {
  const view = new DataView(ops.buffer, ops.byteOffset, ops.byteLength);
  const insns = Array.from({ length: ops.length / 8 }, (_, index) => ({
    code: view.getUint16(index * 8, hostIsLittleEndian),
    jt: view.getUint8(index * 8 + 2),
    jf: view.getUint8(index * 8 + 3),
    k: view.getUint32(index * 8 + 4, hostIsLittleEndian),
  }));
  return { length: insns.length, insns };
}
