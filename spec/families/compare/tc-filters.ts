import { hostIsLittleEndian } from '../../../lib/index.js';
import { ClsFlags, type TcFamily } from '../../../lib/families/tc.js';
import { compareFields, hex, type Fields, type Shown } from './fields.js';
import type { LinkNames } from './link-names.js';
import { compareActions, type Action } from './tc-actions.js';
import { flowerKeys } from './tc-flower.js';
import { networkOrder16 } from '../../support/host-order.js';
import { bytecode, handleText, protocolText } from './tc-words.js';

type Filter = TcFamily['dump']['gettfilter']['reply'];
type Of<Kind> = Extract<Filter, { kind: Kind }>;
type U32 = NonNullable<Of<'u32'>['options']>;

const flagged = (flags: number | undefined, bit: number): true | undefined => (((flags ?? 0) & bit) === 0 ? undefined : true);

/** The properties of filters that hardware can implement. */
const offload: Fields<{ readonly options?: { readonly flags?: number } }> = {
  skip_hw: ({ options }) => flagged(options!.flags, ClsFlags.SkipHw),
  not_in_hw: ({ options }) => flagged(options!.flags, ClsFlags.NotInNw),
};

const bpf: Fields<Of<'bpf'>> = {
  handle: ({ handle }) => hex(handle),
  flowid: ({ options }) => handleText(options!.classid!),
  // TCA_BPF_FLAG_ACT_DIRECT
  'direct-action': ({ options }) => flagged(options!.flags, 1),
  not_in_hw: ({ options }) => flagged(options!.flagsGen, ClsFlags.NotInNw),
  bytecode: ({ options }) => ({ ...bytecode(options!.ops!), length: options!.opsLen }),
};

const table = (handle: number): string => (handle >>> 20).toString(16);
const u32: Fields<Of<'u32'>> = {
  ...offload,
  fh: ({ handle }) => {
    const [bucket, node] = [(handle >>> 12) & 0xff, handle & 0xfff];
    return `${table(handle)}:${bucket === 0 ? '' : bucket.toString(16)}${node === 0 ? '' : `:${node.toString(16)}`}`;
  },
  ht_divisor: ({ options }) => options!.divisor,
  order: ({ handle }) => handle & 0xfff,
  key_ht: ({ handle }) => table(handle),
  bkt: ({ handle }) => ((handle >>> 12) & 0xff).toString(16),
  flowid: ({ options }) => handleText(options!.classid!),
  link: ({ options }) => `${table(options!.link!)}:`,
  rule_hit: ({ options }) => Number(options!.pcnt!.rcnt),
  success: ({ options }) => Number(options!.pcnt!.rhit),
  fwmark_value: ({ options }) => hex(options!.mark!.val),
  fwmark_mask: ({ options }) => hex(options!.mark!.mask),
  fwmark_success: ({ options }) => options!.mark!.success,
  hash_mask: ({ options }) => (options!.sel!.hmask >>> 0).toString(16),
  hash_off: ({ options }) => options!.sel!.hoff,
};

/** tc repeats one key for all matches of a filter; the capture numbers them. */
const u32Matches: Fields<Of<'u32'>> = new Proxy(u32, {
  get(fields, key: string) {
    const [, what, index = '0'] = /^(match|success)#?(\d*)$/.exec(key) ?? [];
    if (key === 'success' || what === undefined) return fields[key];
    if (what === 'success') return ({ options }: Of<'u32'>) => Number(options!.pcnt!.kcnts[Number(index) - 1]);
    return ({ options }: Of<'u32'>) => matchOf(options!, Number(index));
  },
});

function matchOf({ sel }: U32, index: number): unknown {
  const { val, mask, off } = sel!.keys[index]!;
  return { value: val.toString(16), mask: mask.toString(16), offmask: '', off };
}

const flower: Fields<Of<'flower'>> = {
  ...offload,
  classid: ({ options }) => handleText(options!.classid!),
  indev: ({ options }) => options!.indev,
  handle: ({ handle }) => handle,
  keys: ({ options }, shown) => {
    compareFields('keys', shown as Shown, options!, flowerKeys);
    return shown;
  },
};

const matchall: Fields<Of<'matchall'>> = {
  ...offload,
  handle: ({ handle }) => handle,
  flowid: ({ options }) => handleText(options!.classid!),
  rule_hit: ({ options }) => Number(options!.pcnt!.rhit),
};

const fw: Fields<Of<'fw'>> = {
  fw: ({ handle, options }) => ({ mark: hex(handle), mask: hex(options!.mask!) }),
  classid: ({ options }) => handleText(options!.classid!),
  indev: ({ options }) => options!.indev,
};

const route: Fields<Of<'route'>> = {
  fh: ({ handle }) => hex(handle),
  flowid: ({ options }) => handleText(options!.classid!),
  // The realms: to, and from
  name: ({ options }) => String(options!.to),
  'name#1': ({ options }) => String(options!.from),
};

/** FLOW_KEY_* of linux/pkt_cls.h, bit 0 first. */
const FLOW_KEYS = ['src', 'dst', 'proto', 'proto-src', 'proto-dst', 'iif', 'priority', 'mark', 'nfct', 'nfct-src', 'nfct-dst'];
const flow: Fields<Of<'flow'>> = {
  handle: ({ handle }) => hex(handle),
  mode: ({ options }) => ['map', 'hash'][options!.mode!],
  keys: ({ options }) => FLOW_KEYS.filter((_, bit) => (options!.keys! & (1 << bit)) !== 0),
  divisor: ({ options }) => options!.divisor,
  // The bits that the mask keeps, and the bits that are set
  and: ({ options }) => hex(options!.mask!),
  or: ({ options }) => hex((options!.xor! & ~options!.mask!) >>> 0),
  rshift: ({ options }) => options!.rshift,
  addend: ({ options }) => hex(options!.addend!),
  ematch: ({ options }, shown) => matches(options!.ematches, shown),
  baseclass: ({ options }) => handleText(options!.baseclass!),
  perturb: ({ options }) => options!.perturb,
};

type Matches = NonNullable<NonNullable<Of<'basic'>['options']>['ematches']>;

/**
 * Prints an extended match of a packet's mark: TCF_EM_META of linux/pkt_cls.h, TCF_META_ID_NFMARK and TCF_EM_OPND_GT of
 * linux/tc_ematch.
 */
function matches({ treeHdr, treeList }: Matches = {}, shown: unknown): unknown {
  const list = new DataView(treeList!.buffer, treeList!.byteOffset, treeList!.byteLength);
  const [, kind] = [list.getUint16(4, hostIsLittleEndian), list.getUint16(6, hostIsLittleEndian)];
  const right = list.getUint32(list.byteLength - 4, hostIsLittleEndian);
  return treeHdr?.nmatches === 1 && kind === 4 ? `meta(nf_mark gt ${String(right)})` : shown === undefined;
}

const basic: Fields<Of<'basic'>> = {
  handle: ({ handle }) => String(handle),
  flowid: ({ options }) => handleText(options!.classid!),
  ematch: ({ options }, shown) => matches(options!.ematches, shown),
};

const cgroup: Fields<Of<'cgroup'>> = { handle: ({ handle }) => hex(handle) };

const KINDS: Readonly<Record<string, Fields<never>>> = { bpf, u32: u32Matches, flower, matchall, fw, route, flow, basic, cgroup };

/** The properties of a filter in `tc filter`, and of a chain in `tc chain`. */
export function filterFields(links: LinkNames): Fields<Filter> {
  return {
    parent: ({ parent }) => handleText(parent),
    protocol: ({ info }) => protocolText(networkOrder16(info)),
    pref: ({ info }) => info >>> 16,
    kind: ({ kind }) => kind,
    chain: ({ chain }) => chain,
    options: (row, shown) => {
      const { actions, ...plain } = shown as Shown & { readonly actions?: readonly Shown[] };
      const fields = KINDS[row.kind!];
      if (fields === undefined) throw new Error(`nothing is compared with filters of kind ${row.kind!}`);
      compareFields(`${row.kind!} ${String(row.handle)}`, plain, row as never, fields);
      compareActions(actions ?? [], (row.options as { readonly act?: readonly Action[] }).act, links);
      return shown;
    },
  };
}
