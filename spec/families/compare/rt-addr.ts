import { expect } from 'chai';
import { rtAddrSchema } from '../../../lib/families/generated/rt-addr.js';
import { IfaFlags, type RtAddrFamily } from '../../../lib/families/rt-addr.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareFields, within, type Fields, type Shown } from './fields.js';
import { compareYnl } from './ynl.js';

export type AddressRow = RtAddrFamily['dump']['getaddr']['reply'];

const AF_INET = 2;
// RT_SCOPE_* of uapi/linux/rtnetlink.h, and IFAPROT_* of if_addr.h with the names of iproute2's files
const SCOPE: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host' };
const PROTOCOL: Readonly<Record<number, string>> = { 1: 'kernel_lo', 2: 'kernel_ra', 3: 'kernel_ll' };

/** iproute2 shows a flag by the key `true`, and PERMANENT by the absence of `dynamic`. */
const flag =
  (bit: number) =>
  ({ flags, ifaFlags }: AddressRow): boolean =>
    ((flags ?? ifaFlags) & bit) !== 0;

/** The properties of an address in `ip -d addr`. */
export const addressFields: Fields<AddressRow> = {
  family: ({ ifaFamily }) => (ifaFamily === AF_INET ? 'inet' : 'inet6'),
  local: ({ local, address }) => local ?? address,
  address: ({ address }) => address,
  prefixlen: ({ ifaPrefixlen }) => ifaPrefixlen,
  metric: ({ rtPriority }) => rtPriority,
  broadcast: ({ broadcast }) => broadcast,
  scope: ({ ifaScope }) => SCOPE[ifaScope],
  label: ({ label }) => label,
  protocol: ({ proto }) => PROTOCOL[proto ?? 0] ?? `0x${(proto ?? 0).toString(16)}`,
  valid_life_time: ({ cacheinfo }, shown) => within(1, shown, cacheinfo?.ifaValid),
  preferred_life_time: ({ cacheinfo }, shown) => within(1, shown, cacheinfo?.ifaPrefered),
  secondary: flag(IfaFlags.Secondary),
  tentative: flag(IfaFlags.Tentative),
  nodad: flag(IfaFlags.Nodad),
  home: flag(IfaFlags.Homeaddress),
  deprecated: flag(IfaFlags.Deprecated),
  mngtmpaddr: flag(IfaFlags.Managetempaddr),
  noprefixroute: flag(IfaFlags.Noprefixroute),
  autojoin: flag(IfaFlags.Mcautojoin),
  dynamic: (row) => !flag(IfaFlags.Permanent)(row),
};

/** Compares all addresses of `ip addr`, interface by interface, in the order of the dump. */
function compareAddresses({ shown, answers, links }: Scene): void {
  const rows = answers.flatMap(({ rows: found }) => found) as unknown as AddressRow[];
  for (const { ifindex, ifname, addr_info: table } of shown as readonly Shown[]) {
    if (ifindex === undefined) continue;
    expect(links.of(ifindex as number)).to.equal(ifname);
    const own = rows.filter(({ ifaIndex }) => ifaIndex === ifindex);
    expect(own.length, String(ifname)).to.equal((table as Shown[]).length);
    (table as Shown[]).forEach((row, index) => {
      compareFields(`${String(ifname)} ${String(row['local'])}`, row, own[index]!, addressFields);
    });
  }
}

export const comparer: FamilyComparer = {
  schema: rtAddrSchema,
  compare(scene) {
    const { command, shown, answers } = scene;
    if (command.startsWith('ynl ')) compareYnl(rtAddrSchema, answers[0]!.op, shown, answers[0]!.rows);
    else compareAddresses(scene);
  },
};
