import { expect } from 'chai';
import { w1Schema } from '../../../lib/families/generated/w1.js';
import type { FamilyComparer } from '../comparer.js';

interface W1Event {
  readonly idx: number;
  readonly val: number;
  readonly cnLen: number;
  readonly type: string;
  readonly status: number;
  readonly len: number;
  readonly id: Uint8Array;
}

/** The size of `struct w1_netlink_msg`, and CN_W1_IDX and CN_W1_VAL of linux/connector.h. */
const [SIZE, INDEX, VALUE] = [12, 3, 1];

export const comparer: FamilyComparer = {
  schema: w1Schema,
  compare({ shown, events }) {
    const decoded = (events as W1Event[]).map(({ type, id, idx, val, cnLen, status, len }) => {
      expect([idx, val, cnLen, status, len]).to.deep.equal([INDEX, VALUE, SIZE, 0, 0]);
      return { type, id: Buffer.from(id).toString('hex') };
    });
    expect(decoded).to.deep.equal(shown);
  },
};
