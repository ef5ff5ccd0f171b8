import { expect } from 'chai';
import { style } from '../../../lib/cli/output/style.js';
import { keysIn } from '../../../lib/cli/top/keys.js';
import { nextState } from '../../../lib/cli/top/top.js';
import { scaled } from '../../../lib/cli/output/units.js';
import { pictureLines, type Picture } from '../../../lib/cli/top/view.js';

const PICTURE: Picture = {
  links: Array.from({ length: 20 }, (_, index) => ({
    name: `v${String(index).padStart(2, '0')}`,
    ...{ rxBits: 0, rxPackets: 0, txBits: 0, txPackets: 0, errors: 0, drops: 0, queueDrops: 0, backlog: 0 },
  })),
  counters: { at: 0, links: new Map(), sockets: 4, connections: { count: 3, maximum: 100 } },
};
const ROWS = 10;
const PLAIN = style(false);

describe('the screen of rxnetlink top', () => {
  it('recognizes keys, several at once, and ignores others', () => {
    expect(keysIn('s\u001b[Bx\u001b[6~\u001b[1;5Aq\u0003')).to.deep.equal(['sort', 'down', 'page-down', 'quit', 'interrupt']);
  });

  it('fills the rows of the terminal, and scrolls not beyond the last link', () => {
    let state = nextState({ order: 'rate', offset: 0 }, { picture: PICTURE }, ROWS);
    const shown = () =>
      pictureLines(PICTURE, state, PLAIN, ROWS, 80)
        .slice(2)
        .map((line) => line.slice(0, 3));
    expect(shown()).to.deep.equal(['v00', 'v01', 'v02', 'v03', 'v04', 'v05', 'v06', 'v07']);
    state = nextState(state, { key: 'down' }, ROWS);
    expect(shown()[0]).to.equal('v01');
    state = nextState(state, { key: 'page-down' }, ROWS);
    state = nextState(state, { key: 'page-down' }, ROWS);
    expect(shown()).to.have.length(8).and.include('v19');
    state = nextState(nextState(state, { key: 'home' }, ROWS), { key: 'up' }, ROWS);
    expect(shown()[0]).to.equal('v00');
    state = nextState(nextState(state, { key: 'end' }, ROWS), { resized: true }, 30);
    expect(state.offset).to.equal(0);
  });

  it('ends with 0 at q and with 130 at Ctrl-C, and changes the order at s', () => {
    const state = { order: 'rate', offset: 3 } as const;
    expect(nextState(state, { key: 'quit' })).to.include({ exit: 0 });
    expect(nextState(state, { key: 'interrupt' })).to.include({ exit: 130 });
    expect(nextState(state, { key: 'sort' })).to.include({ order: 'received', offset: 0 });
  });

  it('cuts lines to the width of the terminal, and prints all links without one', () => {
    const state = { order: 'rate', offset: 0 } as const;
    expect(Math.max(...pictureLines(PICTURE, state, PLAIN, ROWS, 30).map(({ length }) => length))).to.be.at.most(30);
    expect(pictureLines(PICTURE, state, PLAIN)).to.have.length(22);
    expect(pictureLines(PICTURE, state, PLAIN)[0]).to.equal('20 links, 4 sockets, 3 of 100 connections, by rate');
  });

  it('prints rates with the units of the SI', () => {
    expect([0, 999, 1000, 1_234_567, 9_000_000_000_000_000].map(scaled)).to.deep.equal(['0', '999', '1.0 k', '1.2 M', '9000.0 T']);
  });
});
