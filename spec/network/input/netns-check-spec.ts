import { expect } from 'chai';
import { netns } from '../../../lib/network/fields/netns-check.js';

describe('a network namespace in a request', () => {
  it('may have a property without a value beside the one that counts', () => {
    const value = { pid: 1, fd: undefined };
    expect(netns(value, 'netns')).to.equal(value);
    expect(() => netns({ pid: 1, fd: 3 }, 'netns')).to.throw('expected the name of a network namespace');
    expect(() => netns({ pid: undefined }, 'netns')).to.throw('expected the name of a network namespace');
  });
});
