import { expect } from 'chai';
import { Trust, trustOf } from '../../lib/exchange/index.js';
import { origin, type OriginInit } from '../support/messages.js';

const CASES: readonly [string, OriginInit, Trust][] = [
  ['the kernel, to this socket alone', {}, Trust.Reply],
  ['the kernel, to a group', { group: 1 }, Trust.Echo],
  ['the kernel, to a group above 32', { group: 35 }, Trust.Echo],
  ['another socket', { from: 4711 }, Trust.None],
  ['another socket, to a group', { from: 4711, group: 1 }, Trust.None],
  ['another namespace', { nsid: 3 }, Trust.None],
  ['namespace 0, which is another namespace', { nsid: 0 }, Trust.None],
  ['another namespace, to a group', { nsid: 3, group: 1 }, Trust.None],
  ['an unknown origin: control data was truncated', { unsure: true }, Trust.None],
];

describe('trustOf', () => {
  for (const [name, from, trust] of CASES) {
    it(`returns the trust in a datagram from ${name}`, () => {
      expect(trustOf(origin(from))).to.equal(trust);
    });
  }
});
