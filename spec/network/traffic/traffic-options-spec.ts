import { expect } from 'chai';
import fc from 'fast-check';
import { FieldError } from '../../../lib/network/common/field-error.js';
import { LinkNames } from '../../../lib/network/names/link-names.js';
import { bytesOf, parseClock, sameBurst, ticksOf, usualBurst } from '../../../lib/network/traffic/ticks.js';
import { absentAtZero, coarse, complement, nanoseconds, rate, share, sizeOf } from '../../../lib/network/traffic/traffic-options.js';
import { fuzzParameters } from '../../support/fuzz.js';

const NAMES = new LinkNames();

/** Microseconds as the kernel reports what the engine writes: it adds one, and the kernel truncates twice (CODEL_SHIFT). */
const reported = (written: number): number => Math.floor((Math.floor(((written + 1) * 1000) / 1024) * 1024) / 1000);

describe('options of traffic control', () => {
  const codel = coarse('target', 1024);
  const part = share('loss');

  it('reads a duration of codel as it was written, though the kernel reports a microsecond less', () => {
    expect(reported(codel.write(5, NAMES) as number)).to.equal(4999);
    expect(codel.read(4999, NAMES)).to.equal(5);
    expect(codel.check('5ms', 'target')).to.equal(5);
    expect(codel.check('4999us', 'target')).to.equal(4.999);
    expect(() => codel.check('2h', 'target')).to.throw(FieldError, 'expected at most 4294967 ms');
  });

  it('keeps every duration of codel stable', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4_000_000_000 }), (written) => {
        const wanted = codel.check(written / 1000, 'target') as number;
        expect(codel.check(wanted, 'target')).to.equal(wanted);
        expect(codel.read(reported(codel.write(wanted, NAMES) as number), NAMES)).to.equal(wanted);
      }),
      fuzzParameters(),
    );
  });

  it('translates shares as tc does: 0xffffffff is 100 %, half a unit becomes even', () => {
    // Values that tc sends for these texts.
    for (const [text, number] of [
      ['100%', 0xffff_ffff],
      ['1%', 42_949_673],
      ['0.5%', 21_474_836],
      ['30%', 1_288_490_188],
      ['50%', 2_147_483_648],
    ] as const) {
      expect(part.write(text, NAMES)).to.equal(number);
      expect(part.read(number, NAMES)).to.equal(text);
      expect(part.check(text, 'loss')).to.equal(text);
    }
    expect(complement(part).read(0, NAMES)).to.equal('100%');
    expect(complement(part).write('70%', NAMES)).to.equal(0xffff_ffff - (part.write('70%', NAMES) as number));
    expect(() => part.check(1, 'loss'))
      .to.throw(FieldError)
      .with.property('path', 'loss');
  });

  it('reads every share as a text that means the same number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (number) => {
        const text = part.read(number, NAMES) as string;
        expect(text).to.match(/^\d+(\.\d+)?%$/);
        expect(part.write(text, NAMES)).to.equal(number);
        expect(part.check(text, 'loss')).to.equal(text);
      }),
      fuzzParameters(),
    );
  });

  it('drops the rest of a byte of a rate, and refuses one that 32 bits cannot hold', () => {
    expect(rate('rate').check('1001bit', 'rate')).to.equal(1000);
    expect(rate('rate').write(1000, NAMES)).to.equal(125);
    expect(rate('rate').read(125n, NAMES)).to.equal(1000);
    expect(() => rate('rate').check('40gbit', 'rate')).to.throw(FieldError, 'expected at most');
    expect(rate('rate', { wide: true }).check('40gbit', 'rate')).to.equal(40e9);
    expect(rate('rate', { none: 0xffff_ffff }).read(0xffff_ffff, NAMES)).to.equal(undefined);
    expect(rate('rate', { none: 0xffff_ffff }).write(null, NAMES)).to.equal(0xffff_ffff);
    expect(() => sizeOf('burst', {}, 100, 1).check(0, 'burst')).to.throw(FieldError, 'expected 1 to 100 bytes, not 0');
    expect(() => sizeOf('burst').check(1.5, 'burst')).to.throw(FieldError, 'expected whole bytes');
  });

  it('takes 0 for a setting that is absent', () => {
    const delay = absentAtZero(nanoseconds('latency64', { bigint: true }));
    expect(delay.check('0ms', 'delay')).to.equal(null);
    expect(delay.read(0n, NAMES)).to.equal(undefined);
    expect(delay.write(null, NAMES)).to.equal(0n);
    expect(delay.read(250_000n, NAMES)).to.equal(0.25);
    expect(absentAtZero(part).write(null, NAMES)).to.equal(0);
  });
});

describe('ticks of traffic control', () => {
  it('reads the clock of /proc/net/psched', () => {
    expect(parseClock('000003e8 00000040 000f4240 3b9aca00\n')).to.deep.equal({ ticks: 15_625_000, frequency: 1_000_000_000 });
    expect(parseClock('000003e8 00000040 000f4240 000000fa\n').frequency).to.equal(250);
    expect(parseClock('')).to.deep.equal({ ticks: 15_625_000, frequency: 1_000_000_000 });
  });

  it('converts a burst as tc does', () => {
    // 32 KiB at 20 Mbit/s take 13,107.2 us.
    expect(ticksOf(32_768, 2_500_000)).to.equal(204_800);
    expect(bytesOf(204_800, 2_500_000)).to.equal(32_768);
    expect(ticksOf(1605, 5_000_000_000)).to.equal(6);
    expect(bytesOf(6, 5_000_000_000)).to.equal(1920);
    expect(usualBurst(1_250_000)).to.equal(1600);
    expect(usualBurst(5_000_000_000)).to.equal(1605);
  });

  it('finds a burst the same after the kernel has rounded it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1 << 24 }), fc.integer({ min: 125, max: 2 ** 40 }), (burst, bytes) => {
        const ticks = ticksOf(burst, bytes);
        if (ticks < 0xffff_ffff) expect(sameBurst(burst, bytesOf(ticks, bytes), bytes)).to.equal(true);
      }),
      fuzzParameters(),
    );
    expect(sameBurst(32_768, 32_000, 2_500_000)).to.equal(false);
    expect(sameBurst(null, undefined, 1)).to.equal(true);
    expect(sameBurst(100, undefined, 1)).to.equal(false);
  });
});
