import type { TcU32Sel } from '../../families/tc.js';
import { flowerAttributes, flowerMatch, sameMask } from './match/flower-match.js';
import type { Match } from './match/match-check.js';
import { u32Match, u32Selector } from './match/u32-match.js';
import type { PacketProtocol } from './protocols.js';

type Attributes = Readonly<Record<string, unknown>>;

/** The facts about a kind of filters that the translation needs. @internal */
export interface KnownFilterKind {
  /** The translation of the match; absent if the kind has none. */
  readonly match?: {
    readonly write: (match: Match, protocol: PacketProtocol) => Attributes;
    /** Returns the match, and the attributes that it does not mean. */
    readonly read: (attributes: Attributes, protocol: PacketProtocol) => { readonly match: Match; readonly rest: Attributes };
    /** Returns true if the kernel can change one match into the other in place; it never can if omitted. */
    readonly isChangeable?: (from: Match, to: Match, protocol: PacketProtocol) => boolean;
  };
  /** The attribute of the class; absent if the kind has none. */
  readonly toClass?: string;
  /** The attribute of the flags for devices; absent if the kind has none. */
  readonly flags?: string;
  /** Attributes that the kernel reports and does not accept, or that change by themselves. */
  readonly ignored: readonly string[];
  /** True if the kernel finds a filter only by its priority, which has no other one. */
  readonly isWholePriority?: true;
  /** The properties that the kernel cannot change in place. */
  readonly fixed: readonly string[];
}

const FLAGS = ['skipHardware', 'skipSoftware'];

/** The number of the first hash table that the kernel makes for a priority, in its handle. */
const FIRST_OWN_TABLE = 0x8000_0000;

const u32: KnownFilterKind = {
  match: {
    write: (match, protocol) => ({ sel: u32Selector(match, protocol) }),
    read: ({ sel, hash, ...attributes }, protocol) => {
      const match = sel === undefined ? {} : u32Match(sel as TcU32Sel, protocol);
      // Filters of the table of the priority do not name it: its number is another one the next time.
      const table = typeof hash === 'number' && hash < FIRST_OWN_TABLE ? { hash } : {};
      return { match: match ?? {}, rest: { ...attributes, ...table, ...(match === undefined && { sel }) } };
    },
  },
  toClass: 'classid',
  flags: 'flags',
  ignored: ['act', 'police', 'pcnt', 'pad'],
  // The kernel takes new actions and ignores new keys.
  fixed: ['kind', 'match', 'options', ...FLAGS],
};

const other = { toClass: 'classid', ignored: ['act', 'police', 'pcnt'], fixed: ['kind'] };

const KINDS: Readonly<Record<string, KnownFilterKind>> = {
  u32,
  flower: {
    match: { write: flowerAttributes, read: flowerMatch, isChangeable: sameMask },
    toClass: 'classid',
    flags: 'flags',
    ignored: ['act', 'inHwCount'],
    fixed: ['kind'],
  },
  // The kernel has one filter for each priority, and replaces it by no other.
  matchall: { toClass: 'classid', flags: 'flags', ignored: ['act', 'pcnt'], fixed: ['kind', 'to', 'actions', 'options', ...FLAGS] },
  bpf: { ...other, flags: 'flagsGen' },
  cgroup: { ignored: ['act', 'police'], isWholePriority: true, fixed: ['kind', 'actions', 'options'] },
  flow: { toClass: 'baseclass', ignored: ['act', 'police'], fixed: ['kind'] },
};

/** Returns what is known about a kind of filters. @internal */
export function kindOf(kind: string): KnownFilterKind {
  return (Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined) ?? other;
}
