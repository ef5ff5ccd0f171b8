import { expect } from 'chai';
import { cellText, clockText, countText, rateText, sizeText } from '../../../lib/dashboard/page/model/format.js';

describe('texts of the dashboard', () => {
  it('give rates three digits and a unit', () => {
    const rates = [0, 0.4, 999, 999.6, 1250, 99_949, 99_950, 999_499, 999_500, 1.5e9, 2e15];
    expect(rates.map(rateText)).to.deep.equal([
      '0 B/s',
      '0 B/s',
      '999 B/s',
      '1.00 kB/s',
      '1.25 kB/s',
      '99.9 kB/s',
      '100 kB/s',
      '999 kB/s',
      '1.00 MB/s',
      '1.50 GB/s',
      '2000 TB/s',
    ]);
  });

  it('separate groups of three digits', () => {
    expect([0, 999, 1000, 1_234_567].map(countText)).to.deep.equal(['0', '999', '1,000', '1,234,567']);
  });

  it('give a unit to numbers of bytes only', () => {
    expect([1023, 1536, 5 * 2 ** 40].map(sizeText)).to.deep.equal(['1023 B', '1.5 KiB', '5.0 TiB']);
    expect(cellText(1536, { name: 'rxBytes', title: 'Received' })).to.equal('1.5 KiB');
    expect(cellText(1536, { name: 'mtu', title: 'MTU' })).to.equal('1536');
    expect(cellText(null, { name: 'mtu', title: 'MTU' })).to.equal('');
  });

  it('show the time of day', () => {
    expect(clockText(new Date(2026, 0, 2, 3, 4, 5))).to.equal('03:04:05');
  });
});
