import { expect } from 'chai';
import { rtAddr } from '../../lib/families/rt-addr.js';
import { rtLink, type GetlinkReply } from '../../lib/families/rt-link.js';
import { Unknown } from '../../lib/index.js';

describe('stateOf()', () => {
  const row = {
    ifiFamily: 0,
    ifiIndex: 1,
    ifname: 'lo',
    mtu: 65536,
    stats64: { rxPackets: 1n },
    carrierChanges: 3,
    event: 0,
    [Unknown]: [{ type: 99, flags: 0, payload: Uint8Array.of(1) }],
  } as unknown as GetlinkReply;

  it('returns a copy without counters and without the properties of events', () => {
    const state = rtLink().stateOf('getlink')(row);
    expect(state).to.deep.equal({ ifiFamily: 0, ifiIndex: 1, ifname: 'lo', mtu: 65536, [Unknown]: row[Unknown] });
    expect(row).to.have.property('stats64');
  });

  it('returns equal copies of a bridge whose timers have run', () => {
    const bridge = (gcTimer: bigint) =>
      ({ ...row, linkinfo: { kind: 'bridge', data: { gcTimer, vlanFiltering: 1 } } }) as unknown as GetlinkReply;
    const stateOf = rtLink().stateOf('getlink');
    expect(stateOf(bridge(1n))).to.deep.equal(stateOf(bridge(2n)));
    expect(stateOf(bridge(1n)).linkinfo).to.deep.equal({ kind: 'bridge', data: { vlanFiltering: 1 } });
  });

  it('returns equal copies of an HSR link and a CAN link whose counters differ', () => {
    const stateOf = rtLink().stateOf('getlink');
    const state = (linkinfo: object): object | undefined => stateOf({ ...row, linkinfo }).linkinfo;
    expect(state({ kind: 'hsr', data: { seqNr: 7, version: 1 } })).to.deep.equal({ kind: 'hsr', data: { version: 1 } });
    const can = { kind: 'can', data: { state: 0, berrCounter: { txerr: 1, rxerr: 2 } }, xstats: Uint8Array.of(3) };
    expect(state(can)).to.deep.equal({ kind: 'can', data: { state: 0 } });
    expect(state({ kind: 'dummy', slaveKind: 'bond', slaveData: {} })).to.deep.equal({ kind: 'dummy', slaveKind: 'bond' });
  });

  it('keeps the properties that change without an event', () => {
    expect(rtLink().stateOf('getlink')({ ...row, qdisc: 'noqueue' })).to.have.property('qdisc', 'noqueue');
  });

  it('throws for a table that cannot be watched', () => {
    expect(() => rtAddr().stateOf('getmulticast' as 'getaddr')).to.throw(TypeError, 'rt-addr: getmulticast cannot be watched');
  });
});
