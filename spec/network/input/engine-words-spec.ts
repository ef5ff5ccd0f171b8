import { expect } from 'chai';
import { filterOf } from '../../../lib/network/filters/filter-rows.js';
import { LinkNames } from '../../../lib/network/names/link-names.js';
import { watchedClassOf } from '../../../lib/network/classes/class-rows.js';
import { watchedQdiscOf } from '../../../lib/network/qdiscs/qdisc-rows.js';

const NAMES = new LinkNames([{ ifiIndex: 1, ifname: 'v0' }]);
const ROW = { ifindex: 1, parent: 0x1_0000, handle: 0x1_0001, info: 0x300 };

/** Attributes of 64 bits: at the top, in a struct, in a list; one is over 2^53 - 1. */
const WIDE = { base: 5n, inner: { most: 2n ** 64n - 1n }, list: [{ entry: 7n }, 8n], bytes: new Uint8Array([1]), text: 'x' };
const PRINTED = { base: 5, inner: { most: '18446744073709551615' }, list: [{ entry: 7 }, 8], bytes: { 0: 1 }, text: 'x' };

const printed = (object: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(object)) as Record<string, unknown>;

describe('options in the words of the engine', () => {
  it('are accepted by JSON.stringify with the bigints of a qdisc', () => {
    // taprio: TCA_TAPRIO_ATTR_SCHED_BASE_TIME is a number of 64 bits.
    const qdisc = watchedQdiscOf({ ...ROW, kind: 'taprio', options: { schedBaseTime: 5n, ...WIDE } } as never, NAMES);
    expect(printed(qdisc)['options']).to.deep.equal({ schedBaseTime: 5, ...PRINTED });
    expect(qdisc).to.have.deep.property('options', { schedBaseTime: 5n, ...WIDE });
  });

  it('are accepted by JSON.stringify with the bigints of a class', () => {
    const found = watchedClassOf({ ...ROW, kind: 'other', options: WIDE } as never, NAMES);
    expect(printed(found)['options']).to.deep.equal(PRINTED);
  });

  it('are accepted by JSON.stringify with the bigints of a filter and its actions', () => {
    const act = [
      { kind: 'other', options: { parms: { index: 1, time: 9n }, ...WIDE } },
      { kind: 'gact', options: { parms: { index: 1, action: 0 }, unknown: WIDE } },
    ];
    const filter = filterOf({ ...ROW, kind: 'other', options: { ...WIDE, act } } as never, NAMES);
    const { options, actions } = printed(filter) as { readonly options: object; readonly actions: readonly { readonly options: object }[] };
    expect(options).to.deep.equal(PRINTED);
    expect(actions.map((action) => action.options)).to.deep.equal([{ ...PRINTED, parms: { time: 9 } }, { unknown: PRINTED }]);
  });
});
