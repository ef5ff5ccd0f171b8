import { expect } from 'chai';
import { deviceFilter, type DevicePatterns } from '../../lib/exporter/device-filter.js';

const NAMES = ['lo', 'eth0', 'eth1', 'eth10', 'veth0', 'br-lan', 'a.b', 'axb', '[x]', 'e\u{1f600}', '<img>'];
const found = (patterns: DevicePatterns): string[] => NAMES.filter(deviceFilter(patterns));

describe('deviceFilter', () => {
  it('accepts all names without patterns', () => {
    expect(found({})).to.deep.equal(NAMES);
  });

  it('matches whole names, with * for any characters and ? for one', () => {
    expect(found({ include: ['eth0'] })).to.deep.equal(['eth0']);
    expect(found({ include: ['eth*'] })).to.deep.equal(['eth0', 'eth1', 'eth10']);
    expect(found({ include: ['eth?', 'lo'] })).to.deep.equal(['lo', 'eth0', 'eth1']);
    expect(found({ include: ['*0'] })).to.deep.equal(['eth0', 'eth10', 'veth0']);
    expect(found({ include: ['e?'] }), 'one character outside of the BMP').to.deep.equal(['e\u{1f600}']);
    expect(found({ include: ['*'] })).to.deep.equal(NAMES);
  });

  it('takes all other characters as they are', () => {
    expect(found({ include: ['a.b'] })).to.deep.equal(['a.b']);
    expect(found({ include: ['[x]'] })).to.deep.equal(['[x]']);
    expect(found({ include: ['<img>', 'br-lan'] })).to.deep.equal(['br-lan', '<img>']);
    expect(found({ include: ['^lo$', '\\w+', '(lo)', 'l{1}o', 'lo|eth0'] })).to.deep.equal([]);
  });

  it('omits what is excluded, also if it is included', () => {
    expect(found({ exclude: ['*eth*'] })).to.deep.equal(['lo', 'br-lan', 'a.b', 'axb', '[x]', 'e\u{1f600}', '<img>']);
    expect(found({ include: ['eth*'], exclude: ['eth1*'] })).to.deep.equal(['eth0']);
    expect(found({ include: ['lo'], exclude: ['*'] })).to.deep.equal([]);
  });

  for (const pattern of ['', 'eth 0', 'eth0:1', 'a/b', 'a\n'])
    it(`throws for ${JSON.stringify(pattern)}, which no link can match`, () => {
      expect(() => deviceFilter({ exclude: ['eth0', pattern] })).to.throw(TypeError, `'${pattern}': expected the name of a link`);
    });
});
