import { expect } from 'chai';
import { ethtoolSchema } from '../../../lib/families/generated/ethtool.js';
import type { EthtoolFamily } from '../../../lib/families/ethtool.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareTable } from './ethtool-tables.js';
import { compareYnl } from './ynl.js';

type Features = EthtoolFamily['do']['features-get']['reply'];
type State = Readonly<Record<'active' | 'fixed' | 'requested', boolean | null>>;

/** A bitset without a mask lists the set bits; a bitset with a mask has a value for each bit. */
export const isOn = (set: Features['active'], name: string): boolean => {
  const bit = set?.bits?.bit?.find((candidate) => candidate.name === name);
  return bit !== undefined && (set?.nomask === true || bit.value === true);
};

/** The bitsets come without names, which are in a set of strings; the Python client shows their bytes. */
const OVERLAID = { '.header.flags': 'the specification has none for replies' };

function compareChannels({ shown, answers }: Scene): void {
  const [row] = answers.flatMap(({ op, rows }) => (op === 'channels-get' ? rows : []));
  const numbers = shown as readonly [string, number][];
  const known = ['RX', 'TX', 'Other', 'Combined'].filter((kind) => numbers.some(([name]) => name === kind));
  const maxima = Object.fromEntries(known.map((kind) => [`${kind.toLowerCase()}Max`, numbers.find(([name]) => name === kind)![1]]));
  const counts = Object.fromEntries(known.map((kind) => [`${kind.toLowerCase()}Count`, numbers.findLast(([name]) => name === kind)![1]]));
  expect(known).to.not.have.length(0);
  expect(row).to.include({ ...maxima, ...counts });
}

/** `ethtool --json -k`: the features whose names the kernel sends. */
function compareFeatures({ shown, answers }: Scene): void {
  const features = answers.flatMap(({ op, rows }) => (op === 'features-get' ? rows : [])).at(-1) as Features | undefined;
  const strings = answers.flatMap(({ op, rows }) =>
    op === 'strset-get' ? rows : [],
  ) as unknown as EthtoolFamily['do']['strset-get']['reply'][];
  const names = strings
    .flatMap(({ stringsets }) => stringsets?.stringset ?? [])
    .flatMap(({ strings: list }) => list ?? [])
    .flatMap(({ string }) => string ?? []);
  const bit = (set: Features['active'], index: number): boolean => {
    const value = set?.value;
    return value !== undefined && (value[index >> 3]! & (1 << (index & 7))) !== 0;
  };
  const [table] = shown as readonly Readonly<Record<string, State | string>>[];
  let count = 0;
  for (const { index = -1, value: name = '' } of names) {
    const state = table![name];
    // The other names are of ethtool itself; each covers several features.
    if (state === undefined || typeof state === 'string') continue;
    const { active, hw, nochange, wanted } = features ?? {};
    expect(
      { active: bit(active, index), fixed: !bit(hw, index) || bit(nochange, index), requested: bit(wanted, index) },
      name,
    ).to.deep.equal(state);
    count++;
  }
  expect(count).to.be.above(20);
}

export const comparer: FamilyComparer = {
  schema: ethtoolSchema,
  compare(scene) {
    const { command, shown, answers } = scene;
    if (command.startsWith('ynl ')) compareYnl(ethtoolSchema, answers[0]!.op, shown, answers[0]!.rows, { overlaid: OVERLAID });
    else if (command.includes(' -l ')) compareChannels(scene);
    else if (command.includes(' -k ')) compareFeatures(scene);
    else if (!compareTable(scene)) throw new Error(`nothing compares ${command}`);
  },
};
