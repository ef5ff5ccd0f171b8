import { expect } from 'chai';
import fc from 'fast-check';
import { FieldError } from '../../lib/network/common/field-error.js';
import { verdict, verdictNumber, verdictOf } from '../../lib/network/filters/actions/verdict.js';
import { filterHandle, filterHandleNumber, sameHandle } from '../../lib/network/filters/filter-handle.js';
import { flowerAttributes, flowerMatch, sameMask } from '../../lib/network/filters/match/flower-match.js';
import { completeMatch, match } from '../../lib/network/filters/match/match-check.js';
import { u32Match, u32Selector } from '../../lib/network/filters/match/u32-match.js';
import { check } from '../support/fuzz.js';

const WHOLE = { flags: 1, offshift: 0, offmask: 0, off: 0, offoff: 0, hoff: 0, hmask: 0 };

/** Returns the completed form of a match. */
const completed = (given: object, more: object = {}): object => completeMatch({ ...more, match: match(given, 'match') });

describe('the match of a filter', () => {
  it('implies the protocol of its fields', () => {
    expect(completed({ 'ip.dst': '10.0.0.0/8' })).to.deep.equal({ protocol: 'ip', match: { 'ip.dst': '10.0.0.0/8' } });
    expect(completed({ 'ip6.dst': 'fd00::1' })).to.include({ protocol: 'ipv6' });
    expect(completed({ 'arp.op': 'request' })).to.include({ protocol: 'arp' });
    expect(completed({ 'tcp.dport': 22 })).to.not.have.property('protocol');
    expect(completed({ 'ip.dst': '10.0.0.0/8', 'ip.protocol': 'tcp', 'tcp.dport': 22 }))
      .to.have.property('match')
      .that.has.keys('ip.dst', 'tcp.dport');
  });

  it('implies the protocols behind VLAN tags', () => {
    expect(completed({ 'vlan.id': 5, 'ip.dst': '10.0.0.1' })).to.deep.equal({
      protocol: '802.1q',
      match: { 'vlan.id': 5, 'vlan.type': 'ip', 'ip.dst': '10.0.0.1' },
    });
    expect(completed({ 'cvlan.id': 5, 'ip6.dst': 'fd00::1' }, { protocol: '802.1ad' })).to.deep.equal({
      protocol: '802.1ad',
      match: { 'vlan.type': '802.1q', 'cvlan.id': 5, 'cvlan.type': 'ipv6', 'ip6.dst': 'fd00::1' },
    });
  });

  it('returns values in one form', () => {
    expect(
      match({ 'ip.tos': '16/252', 'tcp.dport': '7-7', 'ip.protocol': 6, 'ip.dst': '10.0.0.1/32', 'eth.src': '02-00-00-00-00-01' }, 'match'),
    ).to.deep.equal({
      'ip.tos': '0x10/0xfc',
      'tcp.dport': 7,
      'ip.protocol': 'tcp',
      'ip.dst': '10.0.0.1',
      'eth.src': '02:00:00:00:00:01',
    });
  });

  for (const given of [
    { 'ip.dst': '10.0.0.1/8' },
    { 'ip.dst': '0.0.0.0/0' },
    { 'ip.dst': 'fd00::1' },
    { 'ip.tos': 256 },
    { 'ip.tos': '0x10/0' },
    { 'tcp.dport': '5-3' },
    { 'eth.src': '02:00' },
    { 'ct.state': 'trk' },
    { 'ip.protocol': 'tpc' },
    { nothing: 1 },
    'ip',
    null,
  ])
    it(`rejects ${JSON.stringify(given)}`, () => expect(() => match(given, 'match')).to.throw(FieldError));

  it('loses no bit of any selector of u32', () => {
    const word = fc.record({
      val: fc.nat(0xffff_ffff),
      mask: fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0xffff_ffff, 0xffff, 0xff_0000)),
    });
    const keys = fc.dictionary(fc.integer({ min: -4, max: 14 }).map(String), word, { minKeys: 1, maxKeys: 6 });
    check(
      fc.property(keys, fc.constantFrom('ip' as const, 'ipv6' as const, 'all' as const), (words, protocol) => {
        const given = Object.entries(words).map(([place, { val, mask }]) => ({ off: Number(place) * 4, val, mask, offmask: 0 }));
        const read = u32Match({ ...WHOLE, nkeys: given.length, keys: given }, protocol)!;
        const { match: form } = completeMatch({ protocol, match: match(read, 'match') }) as { readonly match: never };
        const written = u32Selector(form, protocol).keys;
        const expected = given.filter(({ mask }) => mask !== 0).map(({ off, val, mask }) => `${off} ${(val & mask) >>> 0} ${mask}`);
        expect(
          written
            .filter(({ mask }) => mask !== 0)
            .map(({ off, val, mask }) => `${off} ${val} ${mask}`)
            .sort(),
        ).to.deep.equal(expected.sort());
      }),
    );
  });

  it('leaves selectors with moving offsets to the engine', () => {
    const key = { off: 0, val: 1, mask: 0xff, offmask: 0xffff_ffff };
    expect(u32Match({ ...WHOLE, nkeys: 1, keys: [key] }, 'ip')).to.equal(undefined);
    expect(u32Match({ ...WHOLE, flags: 5, nkeys: 0, keys: [] }, 'ip')).to.equal(undefined);
  });

  it('reads a network of flower without host bits, which the kernel reports', () => {
    const attributes = { keyEthType: 0x800, keyIpv4Dst: '10.0.0.1', keyIpv4DstMask: '255.0.0.0', keyHash: 7 };
    expect(flowerMatch(attributes, 'ip')).to.deep.equal({ match: { 'ip.dst': '10.0.0.0/8' }, rest: { keyHash: 7 } });
    const split = { keyIpv4Dst: '10.0.0.1', keyIpv4DstMask: '255.0.255.0' };
    expect(flowerMatch(split, 'ip')).to.deep.equal({ match: {}, rest: split });
  });

  it('knows which matches of flower have one mask', () => {
    const same = (one: object, other: object): boolean => sameMask(one as never, other as never, 'ip');
    expect(same({ 'ip.dst': '10.0.0.0/8', 'tcp.dport': 22 }, { 'tcp.dport': 80, 'ip.dst': '11.0.0.0/8' })).to.equal(true);
    expect(same({ 'ip.dst': '10.0.0.0/8' }, { 'ip.dst': '10.0.0.0/16' })).to.equal(false);
    expect(same({ 'tcp.dport': 22 }, { 'tcp.dport': '22-23' })).to.equal(false);
    expect(flowerAttributes({}, 'all')).to.deep.equal({});
  });
});

describe('verdicts', () => {
  // TC_ACT_* and TC_ACT_EXT_* (uapi/linux/pkt_cls.h).
  for (const [word, number] of [
    ['continue', -1],
    ['pass', 0],
    ['drop', 2],
    ['pipe', 3],
    ['stolen', 4],
    ['trap', 8],
    ['goto 5', 0x2000_0005],
    ['jump 2', 0x1000_0002],
  ] as const)
    it(`${word} is ${number}`, () => {
      expect(verdictNumber(verdict(word, 'then'))).to.equal(number);
      expect(verdictOf(number >>> 0)).to.equal(word);
    });
});

describe('handles of filters', () => {
  it('are those of tc', () => {
    expect(filterHandleNumber(filterHandle('800::801', 'handle'))).to.equal(0x8000_0801);
    expect(filterHandleNumber(filterHandle('12:3:ff', 'handle'))).to.equal(0x120_30ff);
    expect(filterHandle('800:0:1', 'handle')).to.equal('800::1');
    for (const wrong of ['800', '800:1', '8000::1', 0, -1, '::']) expect(() => filterHandle(wrong, 'handle')).to.throw(FieldError);
  });

  it('are equal in the table of a priority, whatever its number is', () => {
    expect(sameHandle('800::801', '803::801')).to.equal(true);
    expect(sameHandle('800::801', '800::802')).to.equal(false);
    expect(sameHandle('12::801', '13::801')).to.equal(false);
    expect(sameHandle(1, 1)).to.equal(true);
  });
});
