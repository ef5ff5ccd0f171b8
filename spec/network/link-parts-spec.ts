import { expect } from 'chai';
import { FieldError } from '../../lib/network/common/field-error.js';
import { sameVfs, vfOf, vfRequest, vfs } from '../../lib/network/links/parts/vf.js';
import { entriesOf, rangesOf, vlanRanges, vlansOf, vlansOfRow } from '../../lib/network/links/parts/vlan-range.js';

/** Returns the path and the text of the FieldError that a function throws. */
function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FieldError) return `${error.path}: ${error.message}`;
    throw error;
  }
  throw new Error('the function threw no error');
}

describe('VLANs of ports', () => {
  it('become the longest ranges, sorted, with the PVID alone', () => {
    const given = [
      { id: 12 },
      { id: '100-110' },
      { id: 111 },
      { id: 11, pvid: true },
      { id: 10 },
      { id: '5-6', untagged: true },
      { id: 7, untagged: true, pvid: false },
    ];
    const normal = vlanRanges(given, 'vlans');
    expect(normal).to.deep.equal([{ id: '5-7', untagged: true }, { id: 10 }, { id: 11, pvid: true }, { id: 12 }, { id: '100-111' }]);
    expect(vlanRanges(normal, 'vlans')).to.deep.equal(normal);
    expect(rangesOf(vlansOf(normal))).to.deep.equal(normal);
  });

  it('are read from rows with ranges', () => {
    const entry = [
      { info: { vid: 1, flags: 6 } },
      { info: { vid: 20, flags: 0 }, range: 22 },
      // Another state makes another range of the kernel.
      { info: { vid: 23, flags: 0 }, state: 'blocking' as const },
    ];
    const row = { family: 7, reserved1: 0, reserved2: 0, ifindex: 4, entry };
    expect(rangesOf(vlansOfRow(row))).to.deep.equal([{ id: 1, pvid: true, untagged: true }, { id: '20-23' }]);
  });

  it('become entries with the PVID last', () => {
    const vlans = vlansOf([{ id: 1, pvid: true, untagged: true }, { id: '2-4' }]);
    expect(entriesOf(vlans)).to.deep.equal([{ info: { vid: 2, flags: 0 }, range: 4 }, { info: { vid: 1, flags: 6 } }]);
  });

  it('are rejected by path', () => {
    const failures: readonly (readonly [unknown, string])[] = [
      [[{ id: 0 }], 'vlans[0].id: expected an integer from 1 to 4094'],
      [[{ id: '5' }], "vlans[0].id: expected a number or a range such as '100-110'"],
      [[{ id: '9-5' }], 'vlans[0].id: expected a range whose end is above its begin'],
      [[{ id: '5-4095' }], 'vlans[0].id: expected an integer from 1 to 4094'],
      [[{ id: 5 }, { id: '4-6' }], 'vlans[1].id: VLAN 5 is in the list twice'],
      [[{ id: '4-6', pvid: true }], 'vlans[0].pvid: a range cannot have it'],
      [
        [
          { id: 4, pvid: true },
          { id: 5, pvid: true },
        ],
        'vlans[1].pvid: VLAN 4 has it too',
      ],
      [[{ pvid: true }], 'vlans[0].id: is required'],
      [[{ id: 1, tagged: true }], 'vlans[0].tagged: unknown property'],
    ];
    for (const [given, text] of failures) expect(problem(() => vlanRanges(given, 'vlans'))).to.include(text);
  });
});

describe('virtual functions', () => {
  const mac = new Uint8Array(32);
  mac.set([2, 0, 0, 0, 0, 0x11]);
  const row = {
    mac: { vf: 3, mac },
    vlan: { vf: 3, vlan: 55, qos: 2 },
    rate: { vf: 3, minTxRate: 10, maxTxRate: 200 },
    spoofchk: { vf: 3, setting: 1 },
    trust: { vf: 3, setting: 0 },
    rssQueryEn: { vf: 3, setting: 0xffff_ffff },
    linkState: { vf: 3, linkState: 'enable' as const },
  };
  const read = {
    id: 3,
    mac: '02:00:00:00:00:11',
    vlan: 55,
    priority: 2,
    minRate: 10e6,
    rate: 200e6,
    spoofCheck: true,
    trust: false,
    state: 'enable',
  } as const;

  it('are read from the attributes of a link', () => {
    expect(vfOf(row)).to.deep.equal(read);
    const none = { mac: { vf: 0, mac: new Uint8Array(32) }, vlan: { vf: 0, vlan: 0, qos: 0 }, rate: { vf: 0, minTxRate: 0, maxTxRate: 0 } };
    expect(vfOf(none)).to.deep.equal({ id: 0 });
  });

  it('are written by the settings that differ, both of one attribute together', () => {
    expect(vfRequest(read, vfOf(row))).to.equal(undefined);
    expect(vfRequest({ id: 3, rate: null, priority: 5, spoofCheck: false, mac: '02:00:00:00:00:12' }, vfOf(row))).to.deep.equal({
      mac: { vf: 3, mac: mac.map((byte, index) => (index === 5 ? 0x12 : byte)) },
      vlan: { vf: 3, vlan: 55, qos: 5 },
      rate: { vf: 3, minTxRate: 10, maxTxRate: 0 },
      spoofchk: { vf: 3, setting: 0 },
    });
    expect(vfRequest({ id: 3, vlan: null, state: 'auto', trust: true }, vfOf(row))).to.deep.equal({
      vlan: { vf: 3, vlan: 0, qos: 0 },
      trust: { vf: 3, setting: 1 },
      linkState: { vf: 3, linkState: 'auto' },
    });
  });

  it('are compared by the listed functions and settings', () => {
    expect(sameVfs([{ id: 3, vlan: 55 }], [{ id: 2 }, read])).to.equal(true);
    expect(sameVfs([{ id: 3, rate: null }], [read])).to.equal(false);
    expect(sameVfs([{ id: 2, rate: null }], [{ id: 2 }])).to.equal(true);
    expect(sameVfs([{ id: 4 }], [read])).to.equal(false);
  });

  it('are checked, with rates in whole Mbit/s', () => {
    expect(vfs([{ id: 1, rate: '1gbit', mac: '02-00-00-00-00-11' }], 'vfs')).to.deep.equal([
      { id: 1, rate: 1e9, mac: '02:00:00:00:00:11' },
    ]);
    expect(problem(() => vfs([{ id: 1, rate: '1kbit' }], 'vfs'))).to.equal('vfs[0].rate: expected whole Mbit/s, not 1000 bit/s');
    expect(problem(() => vfs([{ vlan: 5 }], 'vfs'))).to.equal('vfs[0].id: is required');
  });
});
