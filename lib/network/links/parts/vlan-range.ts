import { VlanInfoFlags, type GetvlanReply, type EntryAttrsInput } from '../../../families/rt-vlan.js';
import { FieldError } from '../../common/field-error.js';
import { boolean, integer, list, shown, type Check } from '../../fields/check.js';
import { object } from '../../fields/shape.js';

/** One VLAN, or several in a row, that a port of a bridge or the bridge itself accepts. @public */
export interface VlanRange {
  /** The number of the VLAN, 1 to 4094, or a range: `'100-110'` (`vid`). */
  readonly id: number | `${number}-${number}`;
  /** Received frames without a tag belong to this VLAN; only one VLAN of a port has it (`BRIDGE_VLAN_INFO_PVID`). */
  readonly pvid?: boolean;
  /** Frames of this VLAN leave the port without a tag (`BRIDGE_VLAN_INFO_UNTAGGED`). */
  readonly untagged?: boolean;
}

/** The flags of VLANs by their numbers. @internal */
export type Vlans = ReadonlyMap<number, number>;

const { Pvid, Untagged } = VlanInfoFlags;

const RANGE = { fields: { id: (value: unknown) => value, pvid: boolean, untagged: boolean } };

const number = integer(1, 4094);

/** Accepts the VLANs of a port; returns the list as readers do: sorted, with ranges as long as possible. @internal */
export const vlanRanges: Check<readonly VlanRange[]> = (value, path) => rangesOf(vlansOf(list(vlanRange)(value, path), path));

const vlanRange: Check<VlanRange> = (value, path) => {
  const range = object<VlanRange>(RANGE)(value, path);
  if (range.id === undefined) throw new FieldError(`${path}.id`, 'is required');
  return range as VlanRange;
};

/** Returns the flags of each VLAN. @throws FieldError if two ranges overlap, or two VLANs have `pvid`. @internal */
export function vlansOf(ranges: readonly VlanRange[], path = 'vlans'): Vlans {
  const vlans = new Map<number, number>();
  let pvid: number | undefined;
  for (const [index, range] of ranges.entries()) {
    const place = `${path}[${index}]`;
    const [first, last] = endsOf(range.id, `${place}.id`);
    if (range.pvid === true && (pvid !== undefined || first !== last))
      throw new FieldError(`${place}.pvid`, pvid === undefined ? 'a range cannot have it; only one VLAN can' : `VLAN ${pvid} has it too`);
    if (range.pvid === true) pvid = first;
    for (let id = first; id <= last; id++) {
      if (vlans.has(id)) throw new FieldError(`${place}.id`, `VLAN ${id} is in the list twice`);
      vlans.set(id, (range.pvid === true ? Pvid : 0) | (range.untagged === true ? Untagged : 0));
    }
  }
  return vlans;
}

function endsOf(id: unknown, path: string): readonly [first: number, last: number] {
  if (typeof id !== 'string') {
    const only = number(id, path);
    return [only, only];
  }
  const [, first, last] = /^(\d+)-(\d+)$/.exec(id) ?? [];
  if (first === undefined) throw new FieldError(path, `expected a number or a range such as '100-110', not ${shown(id)}`);
  const ends = [number(Number(first), path), number(Number(last), path)] as const;
  if (ends[0] >= ends[1]) throw new FieldError(path, `expected a range whose end is above its begin, not ${shown(id)}`);
  return ends;
}

/** Returns the ranges of neighbouring VLANs with the same flags; a VLAN with `pvid` stands alone, as `bridge -compressvlans` shows it. @internal */
export function rangesOf(vlans: Vlans): readonly VlanRange[] {
  return runsOf(vlans).map(({ first, last, flags }) => ({
    id: first === last ? first : (`${first}-${last}` as const),
    ...((flags & Pvid) !== 0 && { pvid: true }),
    ...((flags & Untagged) !== 0 && { untagged: true }),
  }));
}

interface Run {
  readonly first: number;
  readonly last: number;
  readonly flags: number;
}

function runsOf(vlans: Vlans): readonly Run[] {
  const runs: Run[] = [];
  for (const [id, flags] of [...vlans].sort(([one], [other]) => one - other)) {
    const run = runs.at(-1);
    if (run?.last === id - 1 && run.flags === flags && (flags & Pvid) === 0) runs[runs.length - 1] = { ...run, last: id };
    else runs.push({ first: id, last: id, flags });
  }
  return runs;
}

/** Returns the VLANs of a row. @internal */
export function vlansOfRow({ entry = [] }: GetvlanReply): Vlans {
  const vlans = new Map<number, number>();
  for (const { info, range } of entry) {
    if (info === undefined) continue;
    for (let id = info.vid; id <= (range ?? info.vid); id++) vlans.set(id, info.flags & (Pvid | Untagged));
  }
  return vlans;
}

/** Returns the entries of a request for some VLANs; the one with `pvid` comes last, because it takes the flag from another. @internal */
export function entriesOf(vlans: Vlans): readonly EntryAttrsInput[] {
  return runsOf(vlans)
    .toSorted((one, other) => (one.flags & Pvid) - (other.flags & Pvid))
    .map(({ first, last, flags }) => ({ info: { vid: first, flags }, ...(last !== first && { range: last }) }));
}
