import { expect } from 'chai';
import type { Counters, LinkCounters } from '../../../lib/cli/top/counters.js';
import { ratesOf, sorted, type LinkRates } from '../../../lib/cli/top/rates.js';

const NONE: LinkCounters = {
  name: 'v0',
  rxBytes: 0n,
  rxPackets: 0n,
  txBytes: 0n,
  txPackets: 0n,
  errors: 0n,
  drops: 0n,
  queueDrops: 0,
  backlog: 0,
};

function counters(at: number, links: Readonly<Record<number, Partial<LinkCounters>>>): Counters {
  return { at, sockets: 0, links: new Map(Object.entries(links).map(([index, link]) => [Number(index), { ...NONE, ...link }])) };
}

describe('ratesOf', () => {
  it('divides by the time between two moments, and counts bits', () => {
    const before = counters(1000, { 3: { rxBytes: 1000n, txPackets: 10n, queueDrops: 2 } });
    const now = counters(3000, { 3: { rxBytes: 3000n, txPackets: 30n, queueDrops: 6, backlog: 99 } });
    expect(ratesOf(before, now)).to.deep.equal([
      { name: 'v0', rxBits: 8000, rxPackets: 0, txBits: 0, txPackets: 10, errors: 0, drops: 0, queueDrops: 2, backlog: 99 },
    ]);
  });

  it('has no rates of a link that has appeared, and none after counters began again', () => {
    const before = counters(0, { 3: { rxBytes: 5000n, drops: 7n } });
    const now = counters(1000, { 3: { rxBytes: 100n, drops: 8n }, 4: { name: 'v1', rxBytes: 9000n } });
    expect(ratesOf(before, now).map(({ name, rxBits, drops }) => [name, rxBits, drops])).to.deep.equal([
      ['v0', 0, 1],
      ['v1', 0, 0],
    ]);
  });

  it('keeps differences of large counters exact', () => {
    const large = 2n ** 60n;
    expect(ratesOf(counters(0, { 3: { rxBytes: large } }), counters(1000, { 3: { rxBytes: large + 125n } }))[0]).to.include({
      rxBits: 1000,
    });
  });
});

describe('sorted', () => {
  const rates = (name: string, properties: Partial<LinkRates>): LinkRates => ({
    ...{ name, rxBits: 0, rxPackets: 0, txBits: 0, txPackets: 0, errors: 0, drops: 0, queueDrops: 0, backlog: 0 },
    ...properties,
  });
  const links = [rates('b', { rxBits: 5 }), rates('a', { txBits: 9 }), rates('d', { errors: 1 }), rates('c', { rxBits: 6, txBits: 4 })];
  const names = (order: Parameters<typeof sorted>[1]) =>
    sorted(links, order)
      .map(({ name }) => name)
      .join('');

  it('puts the largest first, and equal ones by name', () => {
    expect(names('rate')).to.equal('cabd');
    expect(names('received')).to.equal('cbad');
    expect(names('sent')).to.equal('acbd');
    expect(names('drops')).to.equal('dabc');
    expect(names('name')).to.equal('abcd');
  });
});
