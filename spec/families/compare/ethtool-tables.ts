import { expect } from 'chai';
import type { EthtoolFamily } from '../../../lib/families/ethtool.js';
import type { Scene } from '../comparer.js';
import type { Answer } from '../play.js';
import { byConvention } from './conventions.js';
import { compareFields, type Fields, type Shown } from './fields.js';

type Reply<Operation extends keyof EthtoolFamily['do']> = NonNullable<EthtoolFamily['do'][Operation]['reply']>;
type Bits = Reply<'linkmodes-get'>['ours'];

/** Returns the names of the set bits of a bitset, or of all listed bits. */
function names(set: Bits, which: 'set' | 'listed' = 'set'): string[] {
  const listed = set?.bits?.bit ?? [];
  return listed.filter(({ value }) => which === 'listed' || set?.nomask === true || value === true).map(({ name = '' }) => name);
}

const ON = { autoneg: ({ autoneg }: { readonly autoneg?: number }) => autoneg === 1 };
const isOne = (value: number | undefined): boolean => value === 1;

/** `ethtool -a`. */
const pause: Fields<Reply<'pause-get'>> = {
  autonegotiate: ON.autoneg,
  rx: ({ rx }) => isOne(rx),
  tx: ({ tx }) => isOne(tx),
  statistics: ({ stats }) => ({ tx_pause_frames: Number(stats?.txFrames), rx_pause_frames: Number(stats?.rxFrames) }),
};

/** `ethtool -c`: most keys are the names of the properties. */
const coalesce = byConvention<Reply<'coalesce-get'>>({
  'adaptive-rx': ({ useAdaptiveRx }) => isOne(useAdaptiveRx),
  'adaptive-tx': ({ useAdaptiveTx }) => isOne(useAdaptiveTx),
  'sample-interval': ({ rateSampleInterval }) => rateSampleInterval,
  'rx-frames': ({ rxMaxFrames }) => rxMaxFrames,
  'rx-frames-irq': ({ rxMaxFramesIrq }) => rxMaxFramesIrq,
  'rx-frame-low': ({ rxMaxFramesLow }) => rxMaxFramesLow,
  'rx-frame-high': ({ rxMaxFramesHigh }) => rxMaxFramesHigh,
  'tx-frames': ({ txMaxFrames }) => txMaxFrames,
  'tx-frames-irq': ({ txMaxFramesIrq }) => txMaxFramesIrq,
  'tx-frame-low': ({ txMaxFramesLow }) => txMaxFramesLow,
  'tx-frame-high': ({ txMaxFramesHigh }) => txMaxFramesHigh,
  'cqe-mode-rx': ({ useCqeModeRx }) => isOne(useCqeModeRx),
  'cqe-mode-tx': ({ useCqeModeTx }) => isOne(useCqeModeTx),
});

const rings = byConvention<Reply<'rings-get'>>();

/** `ethtool --show-fec`. */
const fec: Fields<Reply<'fec-get'>> = {
  config: ({ modes }) => (names(modes).length === 0 ? ['None'] : names(modes)),
  active: ({ active }) => (active === undefined ? ['None'] : [active]),
  statistics: ({ stats }) => ({
    corrected_blocks: { total: Number(stats?.corrected?.[0]) },
    uncorrectable_blocks: { total: Number(stats?.uncorr?.[0]) },
  }),
};

/** `ethtool -x`; the names of hash functions are in a set of strings. */
const hashing = (functions: readonly string[]): Fields<Reply<'rss-get'>> => ({
  'rss-indirection-table': ({ indir }) => indir,
  'rss-hash-key': ({ hkey }) => [...(hkey ?? [])],
  'rss-hash-function': ({ hfunc }) => functions.filter((_, bit) => (hfunc! & (1 << bit)) !== 0).join(),
  // RXH_XFRM_SYM_XOR
  'rss-input-transformation': ({ inputXfrm = 0 }) => ({ 'symmetric-xor': (inputXfrm & 1) !== 0 }),
});

/** `ethtool -T`. */
const timestamps: Fields<Reply<'tsinfo-get'>> = {
  Capabilities: ({ timestamping }) => names(timestamping),
  'Hardware Transmit Timestamp Modes': ({ txTypes }) => names(txTypes),
  'Hardware Receive Filter Modes': ({ rxFilters }) => names(rxFilters),
  clock: ({ phcIndex }) => phcIndex ?? null,
};

/** PORT_* of linux/ethtool.h. */
const PORTS: Readonly<Record<number, string>> = { 0: 'Twisted Pair', 0xff: 'Other' };
/** Bits of link modes that describe the port instead. */
const OTHER_MODES = ['Autoneg', 'TP', 'AUI', 'MII', 'FIBRE', 'BNC', 'Backplane', 'Pause', 'Asym_Pause'];
const pauseUse = (modes: readonly string[]): string => (modes.includes('Pause') ? 'Symmetric' : 'No');
const isMode = (name: string): boolean => !OTHER_MODES.includes(name);
/** WAKE_*, bit 0 first. */
const wake = (modes: readonly string[]): string => (modes.length === 0 ? 'd' : modes.join());

/** `ethtool` of a device, which combines five replies. */
type Settings = Reply<'linkmodes-get'> & Reply<'linkinfo-get'> & Reply<'linkstate-get'> & Reply<'debug-get'> & Reply<'wol-get'>;
const settings: Fields<Settings> = {
  'supported-ports': ({ ours }) => names(ours, 'listed').filter((name) => ['TP', 'AUI', 'MII', 'FIBRE', 'BNC'].includes(name)),
  'supported-link-modes': ({ ours }) => names(ours, 'listed').filter(isMode),
  'supported-pause-frame-use': ({ ours }) => pauseUse(names(ours, 'listed')),
  'supports-auto-negotiation': ({ ours }) => names(ours, 'listed').includes('Autoneg'),
  'supported-fec-modes': () => [],
  'advertised-link-modes': ({ ours }) => names(ours).filter(isMode),
  'advertised-pause-frame-use': ({ ours }) => pauseUse(names(ours)),
  'advertised-auto-negotiation': ({ ours }) => names(ours).includes('Autoneg'),
  'advertised-fec-modes': () => [],
  speed: ({ speed }) => speed,
  duplex: ({ duplex }) => ['Half', 'Full'][duplex!],
  'auto-negotiation': ON.autoneg,
  port: ({ port }) => PORTS[port!],
  phyad: ({ phyaddr }) => phyaddr,
  transceiver: ({ transceiver }) => ['internal', 'external'][transceiver!],
  // ETH_TP_MDI_*: 2 is crossed, 3 is detected by the card
  'mdi-x': ({ tpMdix }) => tpMdix === 2,
  'mdi-x-forced': ({ tpMdixCtrl }) => tpMdixCtrl === 2,
  'mdi-x-auto': ({ tpMdixCtrl }) => tpMdixCtrl === 3,
  'supports-wake-on': ({ modes }) => wake(names(modes, 'listed')),
  'wake-on': ({ modes }) => wake(names(modes)),
  'current-message-level': ({ msgmask }) => msgmask?.bits?.bit?.reduce((level, { index = 0 }) => level | (1 << index), 0),
  'link-detected': ({ link }) => link === 1,
};

/** The words of a command line, the operation whose reply it shows, and the comparison. */
const TABLES: readonly (readonly [words: string, op: string, fields: Fields<never>])[] = [
  [' -a ', 'pause-get', pause],
  [' -c ', 'coalesce-get', coalesce],
  [' -g ', 'rings-get', rings],
  [' --show-fec ', 'fec-get', fec],
  [' -T ', 'tsinfo-get', timestamps],
];

const rowOf = (answers: readonly Answer[], wanted: string): never =>
  answers.flatMap(({ op, rows }) => (op === wanted ? rows : [])).at(-1) as never;

/** Compares the tables of one device; returns whether the command is one of them. */
export function compareTable({ command, shown, answers }: Scene): boolean {
  if (command.includes('--show-tunnels')) {
    const { udpPorts } = rowOf(answers, 'tunnel-info-get') as Reply<'tunnel-info-get'>;
    const decoded = udpPorts?.table?.map(({ size, types, entry = [] }) => ({
      size,
      types: names(types),
      entries: entry.map(({ port, type }) => [port, type]),
    }));
    expect(decoded).to.deep.equal(shown);
    return true;
  }
  if (command.includes('--show-priv-flags')) {
    const { flags } = rowOf(answers, 'privflags-get') as Reply<'privflags-get'>;
    expect(Object.fromEntries(flags!.bits!.bit!.map(({ name, value }) => [name, value === true]))).to.deep.equal(shown);
    return true;
  }
  const [{ ifname: _ifname, ...row }] = (Array.isArray(shown) ? shown : [shown]) as [Shown];
  if (command.includes(' -x ')) {
    const { stringsets } = rowOf(answers, 'strset-get') as Reply<'strset-get'>;
    const functions = stringsets!.stringset![0]!.strings![0]!.string!.map(({ value = '' }) => value);
    compareFields(command, row, rowOf(answers, 'rss-get'), hashing(functions));
    return true;
  }
  if (/^ethtool --json \S+$/.test(command)) {
    compareFields(command, row, Object.assign({}, ...answers.flatMap(({ rows }) => rows)) as Settings, settings);
    return true;
  }
  const table = TABLES.find(([words]) => command.includes(words));
  if (table === undefined) return false;
  compareFields(command, row, rowOf(answers, table[1]), table[2]);
  return true;
}
