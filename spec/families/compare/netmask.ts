/** An address of either family with its mask, as NetLabel has them. */
interface Masked {
  readonly ipv4addr?: string;
  readonly ipv4mask?: string;
  readonly ipv6addr?: string;
  readonly ipv6mask?: string;
}

/** Returns an address with the length of its prefix, which netlabelctl computes from the mask. */
export function prefixText({ ipv4addr, ipv4mask, ipv6addr, ipv6mask }: Masked): string {
  if (ipv4addr !== undefined) {
    const bits = ipv4mask!.split('.').map((byte) => Number(byte).toString(2));
    return `${ipv4addr}/${String(onesOf(bits))}`;
  }
  const bits = ipv6mask!.split(':').map((word) => Number.parseInt(word || '0', 16).toString(2));
  return `${String(ipv6addr)}/${String(onesOf(bits))}`;
}

function onesOf(bits: readonly string[]): number {
  return bits.join('').replaceAll('0', '').length;
}
