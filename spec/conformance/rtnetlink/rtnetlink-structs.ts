/** Fields of a struct and their widths in bytes, in order. */
export type Layout = readonly (readonly [name: string, size: 1 | 2 | 4 | 8, signed?: boolean])[];

/** The structs before rtnetlink's attributes: uapi/linux/rtnetlink.h, if_addr.h, neighbour.h, fib_rules.h. */
export const HEADERS: Readonly<Record<string, Layout>> = {
  ifinfomsg: [
    ['ifi_family', 1],
    ['__ifi_pad', 1],
    ['ifi_type', 2],
    ['ifi_index', 4, true],
    ['ifi_flags', 4],
    ['ifi_change', 4],
  ],
  ifaddrmsg: [
    ['ifa_family', 1],
    ['ifa_prefixlen', 1],
    ['ifa_flags', 1],
    ['ifa_scope', 1],
    ['ifa_index', 4],
  ],
  rtmsg: [
    ['rtm_family', 1],
    ['rtm_dst_len', 1],
    ['rtm_src_len', 1],
    ['rtm_tos', 1],
    ['rtm_table', 1],
    ['rtm_protocol', 1],
    ['rtm_scope', 1],
    ['rtm_type', 1],
    ['rtm_flags', 4],
  ],
  ndmsg: [
    ['ndm_family', 1],
    ['ndm_pad1', 1],
    ['ndm_pad2', 2],
    ['ndm_ifindex', 4, true],
    ['ndm_state', 2],
    ['ndm_flags', 1],
    ['ndm_type', 1],
  ],
  fib_rule_hdr: [
    ['family', 1],
    ['dst_len', 1],
    ['src_len', 1],
    ['tos', 1],
    ['table', 1],
    ['res1', 1],
    ['res2', 1],
    ['action', 1],
    ['flags', 4],
  ],
};

/** The struct at the start of each kind of case. */
export const HEADER_OF_KIND: Readonly<Record<string, string>> = {
  link: 'ifinfomsg',
  address: 'ifaddrmsg',
  route: 'rtmsg',
  neigh: 'ndmsg',
  rule: 'fib_rule_hdr',
};

export function layoutSize(layout: Layout): number {
  return layout.reduce((size, [, width]) => size + width, 0);
}

/** Reads a struct in the host's order; fields after the end are omitted. */
export function readStruct(bytes: Uint8Array, layout: Layout): Record<string, number | string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields: Record<string, number | string> = {};
  let offset = 0;
  for (const [name, size, signed] of layout) {
    if (offset + size > bytes.length) break;
    if (size === 1) fields[name] = view.getUint8(offset);
    else if (size === 2) fields[name] = view.getUint16(offset, true);
    else if (size === 4) fields[name] = signed === true ? view.getInt32(offset, true) : view.getUint32(offset, true);
    else fields[name] = String(view.getBigUint64(offset, true));
    offset += size;
  }
  return fields;
}

/** Writes a struct in the host's order. */
export function writeStruct(fields: Readonly<Record<string, number | string>>, layout: Layout): Uint8Array {
  const bytes = new Uint8Array(layoutSize(layout));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const [name, size] of layout) {
    const value = fields[name] ?? 0;
    if (size === 1) view.setUint8(offset, Number(value));
    else if (size === 2) view.setUint16(offset, Number(value), true);
    else if (size === 4) view.setUint32(offset, Number(value), true);
    else view.setBigUint64(offset, BigInt(value), true);
    offset += size;
  }
  return bytes;
}
