import { expect } from 'chai';
import { omitUndefined } from '../../../lib/check/index.js';
import { rtCangwSchema } from '../../../lib/families/generated/rt-cangw.js';
import type { RtCangwFamily } from '../../../lib/families/rt-cangw.js';
import type { FamilyComparer } from '../comparer.js';

type Job = RtCangwFamily['dump']['getroute']['reply'];

/** CGW_MOD_*, CGW_FLAGS_*, CGW_FDMODATTR: the letters of cangw. */
const PARTS = [
  ['I', 1],
  ['L', 2],
  ['D', 4],
] as const;
const FD_PARTS = [
  ['I', 1],
  ['F', 8],
  ['L', 2],
  ['D', 4],
] as const;
const FLAGS = [
  ['e', 1],
  ['t', 2],
  ['i', 4],
  ['X', 8],
] as const;
/** CAN_INV_FILTER */
const INVERTED = 0x2000_0000;

const hex = (value: number, width = 1): string => value.toString(16).toUpperCase().padStart(width, '0');
const digits = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
const letters = (value: number, table: readonly (readonly [string, number])[]): string[] =>
  table.flatMap(([letter, bit]) => ((value & bit) !== 0 ? [letter] : []));
/** Returns an index of bytes, which may count from the end: the two lower digits. */
const place = (index: number): string => hex(index & 0xff);

/** The changes of classical frames, in the order in which the kernel applies them. */
function classical({ modAnd, modOr, modXor, modSet }: Job): string[] {
  return Object.entries({ AND: modAnd, OR: modOr, XOR: modXor, SET: modSet }).flatMap(([word, change]) =>
    change === undefined
      ? []
      : [`${word}:${letters(change.modtype, PARTS).join('')}:${hex(change.canId, 3)}.${hex(change.len)}.${digits(change.data)}`],
  );
}

function flexible({ fdmodAnd, fdmodOr, fdmodXor, fdmodSet }: Job): string[] {
  return Object.entries({ AND: fdmodAnd, OR: fdmodOr, XOR: fdmodXor, SET: fdmodSet }).flatMap(([word, change]) => {
    if (change === undefined) return [];
    const { modtype, canId, flags, len, data } = change;
    return [`${word}:${letters(modtype, FD_PARTS).join('')}:${hex(canId, 3)}.${hex(flags)}.${hex(len)}.${digits(data)}`];
  });
}

/** Returns a job as the parser of `cangw -L` does: the options of cangw. */
function options(job: Job, name: (index: number) => string): object {
  const { flags, srcIf, dstIf, limHops, modUid, csXor, csCrc8, filter, handled = 0, dropped = 0, deleted = 0 } = job;
  const [m, M] = [classical(job), flexible(job)];
  const inverted = filter !== undefined && (filter.canId & INVERTED) !== 0;
  return omitUndefined({
    flags: letters(flags, FLAGS),
    counters: [handled, dropped, deleted],
    s: name(srcIf!),
    d: name(dstIf!),
    m: m.length > 0 ? m : undefined,
    M: M.length > 0 ? M : undefined,
    l: limHops === undefined ? undefined : String(limHops),
    u: modUid === undefined ? undefined : hex(modUid),
    x: csXor && [csXor.fromIdx, csXor.toIdx, csXor.resultIdx, csXor.initXorVal].map(place).join(':'),
    c:
      csCrc8 &&
      [...[csCrc8.fromIdx, csCrc8.toIdx, csCrc8.resultIdx, csCrc8.initCrcVal, csCrc8.finalXorVal].map(place), digits(csCrc8.crctab)].join(
        ':',
      ),
    // Of the profile with a table, its 16 bytes.
    p: csCrc8 && `2:${digits(csCrc8.profileData.subarray(0, 16))}`,
    f: filter && `${hex((filter.canId & ~INVERTED) >>> 0, 3)}${inverted ? '~' : ':'}${hex(filter.canMask, 3)}`,
  });
}

export const comparer: FamilyComparer = {
  schema: rtCangwSchema,
  compare({ shown, answers }) {
    const jobs = answers.flatMap((answer) => answer.rows) as unknown as Job[];
    // cangw finds the names with ioctl(2): the scene makes `c0` before `c1`.
    const first = Math.min(...jobs.flatMap(({ srcIf, dstIf }) => [srcIf!, dstIf!]));
    const name = (index: number): string => `c${String(index - first)}`;
    expect(jobs.map((job) => options(job, name))).to.deep.equal(shown);
    expect(jobs.map(({ csCrc8 }) => csCrc8?.profile).filter((profile) => profile !== undefined)).to.deep.equal(['16u8']);
  },
};
