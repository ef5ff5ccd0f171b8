import { expect } from 'chai';
import { ovsFlowSchema, type ActionAttrsInput } from '../../lib/families/generated/ovs_flow.js';
import { Unknown, operationCodec, stringify } from '../../lib/schema/index.js';
import { host } from '../support/host-order.js';
import { tlv } from '../schema/schemas.js';

/** Numbers of linux/openvswitch.h. The encoder sets the flag NESTED on attributes that contain attributes. */
const NESTED = 0x8000;
const FLOW = { actions: 2 };
const ACTION = { output: 1, pushVlan: 4, popVlan: 5, sample: 6, clone: 20, checkPktLen: 21, decTtl: 23 };
const HEADER = host(5, 0, 0, 0);

const output = (port: number): number[] => tlv(ACTION.output, ...host(port, 0, 0, 0));

const BYTES = [
  ...HEADER,
  ...tlv(
    NESTED | FLOW.actions,
    ...output(1),
    ...output(2),
    ...tlv(ACTION.pushVlan, 0x81, 0, 0x10, 5),
    ...output(1),
    ...tlv(ACTION.popVlan),
    ...tlv(NESTED | ACTION.sample, ...tlv(1, ...host(9, 0, 0, 0)), ...tlv(NESTED | 2, ...output(3), ...output(3))),
    ...tlv(NESTED | ACTION.clone, ...output(4), ...tlv(NESTED | ACTION.clone, ...output(6), ...output(5)), ...output(4)),
    ...tlv(
      NESTED | ACTION.checkPktLen,
      ...tlv(1, ...host(100, 0)),
      ...tlv(NESTED | 2, ...output(7), ...output(8)),
      ...tlv(NESTED | 3, ...output(8), ...output(7)),
    ),
    ...tlv(NESTED | ACTION.decTtl, ...tlv(NESTED | 1, ...output(2), ...output(1))),
    ...tlv(99, 1),
    ...output(1),
  ),
];

const actions: readonly ActionAttrsInput[] = [
  { output: 1 },
  { output: 2 },
  { pushVlan: { vlanTpid: 0x8100, vlanTci: 0x1005 } },
  { output: 1 },
  { popVlan: true },
  { sample: { probability: 9, actions: [{ output: 3 }, { output: 3 }] } },
  { clone: [{ output: 4 }, { clone: [{ output: 6 }, { output: 5 }] }, { output: 4 }] },
  { checkPktLen: { pktLen: 100, actionsIfGreater: [{ output: 7 }, { output: 8 }], actionsIfLessEqual: [{ output: 8 }, { output: 7 }] } },
  { decTtl: { action: [{ output: 2 }, { output: 1 }] } },
  { [Unknown]: [{ type: 99, flags: 0, payload: Uint8Array.of(1) }] },
  { output: 1 },
];

describe('actions of an Open vSwitch flow', () => {
  for (const kind of ['compiled', 'closures'] as const) {
    it(`are decoded and encoded in order by the back end "${kind}"`, () => {
      const codec = operationCodec(ovsFlowSchema, 'new', kind);
      const value = codec.decodePayload(Uint8Array.of(2, 1, 0, 0, ...BYTES));
      expect(value).to.deep.equal({ dpIfindex: 5, actions });
      expect(Array.from(codec.encode({ dpIfindex: 5, actions })).slice(-BYTES.length)).to.deep.equal(BYTES);
      expect(codec.pick(['actions']).decodePayload(Uint8Array.of(2, 1, 0, 0, ...BYTES))).to.deep.equal({ actions });
    });
  }

  it('are printed as a list', () => {
    const text = stringify({ actions: actions.slice(0, 2) });
    expect(JSON.parse(text)).to.deep.equal({ actions: [{ output: 1 }, { output: 2 }] });
  });
});
