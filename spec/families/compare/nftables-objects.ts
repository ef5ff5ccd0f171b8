import { expect } from 'chai';
import { parseIp } from '../../../lib/index.js';
import type { NftablesFamily } from '../../../lib/families/nftables.js';
import { compareFields, type Fields, type Shown } from './fields.js';

type Row = NftablesFamily['dump']['getobj']['reply'];
type Data<Type> = NonNullable<Extract<Row, { type: Type }>['data']>;

const PROTOCOLS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp' };
const ADDRESSES: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 10: 'ip6' };
/** States that nft prints as several words. */
const STATES: Readonly<Record<string, string>> = {
  syn_sent: 'synSent',
  syn_recv: 'synRecv',
  fin_wait: 'finWait',
  close_wait: 'closeWait',
  last_ack: 'lastAck',
  time_wait: 'timeWait',
  syn_sent2: 'synSent2',
};
const UNITS: Readonly<Record<string, string>> = { 1: 'second', 60: 'minute', 3600: 'hour' };
/** The powers of 1024 that nft uses for amounts of bytes. */
const scaled = (amount: number | bigint | undefined, unit: unknown): number => {
  const power = ['bytes', 'kbytes', 'mbytes'].indexOf(String(unit));
  return Number(amount) / 1024 ** power;
};
/** NF_SYNPROXY_OPT_* of linux/netfilter/nf_synproxy.h, bit 0 first. */
const SYNPROXY = ['mss', 'wscale', 'sack-perm', 'timestamp'];
const NFT_LIMIT_F_INV = 1;

const limit = (units: Shown): Fields<Data<'limit'>> => ({
  rate: ({ rate }) => scaled(rate, units['rate_unit']),
  per: ({ unit }) => UNITS[String(unit)],
  inv: ({ flags }) => (flags! & NFT_LIMIT_F_INV) !== 0,
  burst: ({ burst }) => scaled(burst, units['burst_unit']),
  // NFT_LIMIT_PKT_BYTES
  rate_unit: ({ type }, shown) => (type === 'pkt-bytes' ? shown : 'packets'),
  burst_unit: ({ type }, shown) => (type === 'pkt-bytes' ? shown : 'packets'),
});

const helper: Fields<Data<'ct-helper'>> = {
  type: ({ name }) => name,
  protocol: ({ l4proto }) => PROTOCOLS[l4proto!],
  l3proto: ({ l3proto }) => ADDRESSES[l3proto!],
};

const expectation: Fields<Data<'ct-expect'>> = {
  protocol: ({ l4proto }) => PROTOCOLS[l4proto!],
  l3proto: ({ l3proto }) => ADDRESSES[l3proto!],
  dport: ({ dport }) => dport,
  timeout: ({ timeout }) => timeout,
  size: ({ size }) => size,
};

const timeouts: Fields<Data<'ct-timeout'>> = {
  protocol: ({ l4proto }) => l4proto,
  l3proto: ({ l3proto }) => ADDRESSES[l3proto!],
  // nft omits the values that it takes for the kernel's defaults
  policy: ({ data }, shown) =>
    Object.fromEntries(Object.keys(shown as Shown).map((state) => [state, (data as Shown)[STATES[state] ?? state]])),
};

const synproxy: Fields<Data<'synproxy'>> = {
  mss: ({ mss }) => mss,
  wscale: ({ wscale }) => wscale,
  flags: ({ flags }, shown) => {
    const set = SYNPROXY.slice(2).filter((_, bit) => (flags! & (4 << bit)) !== 0);
    return (shown as readonly string[]).filter((name) => set.includes(name)).length === set.length ? shown : set;
  },
};

const counter: Fields<Data<'counter'>> = {
  packets: ({ packets }) => Number(packets),
  bytes: ({ bytes }) => Number(bytes),
};

const quota: Fields<Data<'quota'>> = {
  bytes: ({ bytes }) => Number(bytes),
  used: ({ consumed }) => Number(consumed),
  inv: ({ flags }) => (Number(flags) & 1) !== 0,
};

/** Objects by the word of nft for their type. */
const FIELDS: Readonly<Record<string, { readonly type: string; readonly fields: (shown: Shown) => Fields<never> }>> = {
  counter: { type: 'counter', fields: () => counter },
  quota: { type: 'quota', fields: () => quota },
  limit: { type: 'limit', fields: limit },
  synproxy: { type: 'synproxy', fields: () => synproxy },
  'ct helper': { type: 'ct-helper', fields: () => helper },
  'ct timeout': { type: 'ct-timeout', fields: () => timeouts },
  'ct expectation': { type: 'ct-expect', fields: () => expectation },
};

/** The values of tunnel keys that libnftnl reads, with addresses in hexadecimal digits. */
export function compareTunnels(shown: unknown, rows: readonly Row[]): void {
  const decoded = rows.map((row) => {
    const { id, ip, ip6, flags, tos, ttl, sport, dport, opts } = (row.type === 'tunnel' ? row.data : undefined) ?? {};
    const all = {
      name: row.name,
      id,
      source: ip?.src && digits(ip.src),
      destination: ip?.dst && digits(ip.dst),
      source6: ip6?.src && digits(ip6.src),
      destination6: ip6?.dst && digits(ip6.dst),
      label: ip6?.flowlabel,
      'source port': sport,
      'destination port': dport,
      flags,
      tos,
      ttl,
      gbp: opts?.vxlan?.gbp,
      version: opts?.erspan?.version,
      index: opts?.erspan?.v1Index,
      hardware: opts?.erspan?.v2Hwid,
      direction: opts?.erspan?.v2Dir,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  });
  expect(decoded).to.deep.equal(shown);
}

const digits = (address: string): string => Buffer.from(parseIp(address)).toString('hex');

/** Compares stateful objects: their positions and contents. */
export function compareObjects(items: readonly Readonly<Record<string, Shown>>[], rows: readonly Row[]): void {
  for (const item of items) {
    const [word, shown] = Object.entries(item)[0]!;
    const kind = FIELDS[word];
    if (kind === undefined) continue;
    const { family: _family, name, table, handle, ...rest } = shown;
    const row = rows.find((each) => each.type === kind.type && each.table === table && Number(each.handle) === handle);
    if (row === undefined) throw new Error(`${word} ${String(name)} is missing`);
    compareFields(`${word} ${String(name)}`, { name, ...rest }, row, {
      ...Object.fromEntries(
        Object.entries(kind.fields(rest)).map(([key, field]) => [key, ({ data }: Row, seen: unknown) => field(data as never, seen)]),
      ),
      name: ({ name: own }: Row) => own,
    });
  }
}
