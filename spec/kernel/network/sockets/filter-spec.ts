import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { network, type Network } from '../../../../lib/network/network.js';
import type { SocketEntryFilter } from '../../../../lib/network/sockets/socket-filter.js';
import type { TraceEvent } from '../../../../lib/socket/session/trace.js';
import { useNamespace } from '../../../support/namespace.js';
import { OPEN, openSockets } from '../../families/sockets/programs.js';
import { failure, one } from '../support.js';

/** Filters, and the words with which ss selects the same sockets. */
const FILTERS: readonly (readonly [SocketEntryFilter, string])[] = [
  [{ port: 5010 }, 'sport = :5010'],
  [{ port: [5001, 5003] }, 'sport >= :5001 and sport <= :5003'],
  [{ local: { address: '127.0.0.1', port: 5000 } }, 'src 127.0.0.1:5000'],
  [{ local: '127.0.0.0/8' }, 'src 127.0.0.0/8'],
  [{ local: '127.8.0.0/16' }, 'src 127.8.0.0/16'],
  [{ local: '0.0.0.0/0' }, 'src 0.0.0.0/0'],
  [{ local: '::/0' }, 'src [::/0]'],
  [{ local: '::1' }, 'src [::1]'],
  [{ remote: '127.8.0.2' }, 'dst 127.8.0.2'],
  [{ remote: { port: 5002 } }, 'dport = :5002'],
  [{ remote: { address: '127.0.0.0/8', port: [5009, 5011] } }, 'dst 127.0.0.0/8 and dport >= :5009 and dport <= :5011'],
  [{ link: 'lo' }, 'dev = lo'],
  [{ link: null }, 'dev != lo'],
  [{ mark: 0x17 }, 'fwmark = 0x17'],
  [{ state: 'listen' }, 'state listening'],
  [{ state: ['established', 'close-wait'], port: 5000 }, 'state established state close-wait sport = :5000'],
  [{ state: 'fin-wait2' }, 'state fin-wait-2'],
  [{ state: 'syn-recv' }, 'state syn-recv'],
  [{ family: 6 }, '-6'],
  [{ family: 4, state: 'established' }, '-4 state established'],
];

/** Filters that the kernel cannot run. */
const OWN: readonly (readonly [SocketEntryFilter, (line: string) => boolean])[] = [
  [{ uid: 0 }, (line) => !/ uid:/.test(line)],
  [{ uid: 77 }, () => false],
  [{ inode: null }, (line) => !/ ino:/.test(line)],
  [{ remote: null }, (line) => /:\*\s/.test(`${line.trim().split(/\s+/)[4]!} `)],
];

describe('network().sockets with a filter', () => {
  const namespace = useNamespace();
  let net: Network;
  let count = 0;

  before(async () => {
    await openSockets(namespace(), OPEN);
    net = network({ netns: namespace().path });
    count = lines('').length;
  });
  after(() => net?.close());

  const lines = (words: string): string[] =>
    namespace()
      .run('ss', ...'-tan -e -O -H'.split(' '), ...words.split(' ').filter((word) => word !== ''))
      .split('\n')
      .filter((line) => line.trim() !== '');
  const keys = (list: readonly string[]): string[] => list.map((line) => / sk:([0-9a-f]+)/.exec(line)![1]!);
  const read = async (filter: SocketEntryFilter): Promise<string[]> =>
    (await one(net.sockets.list({ ...filter, protocol: 'tcp' }))).map(({ cookie }) => cookie.toString(16));

  for (const [filter, words] of FILTERS) {
    it(`selects what ss selects with ${words}`, async () => {
      const shown = keys(lines(words));
      expect(await read(filter)).to.have.members(shown);
      if (!words.includes('syn-recv')) expect(shown).to.not.have.length(0);
      expect(shown.length).to.be.below(count);
    });
  }

  for (const [filter, isShown] of OWN) {
    it(`selects sockets by ${JSON.stringify(filter)}`, async () => {
      expect(await read(filter)).to.have.members(keys(lines('').filter(isShown)));
    });
  }

  it('lets the kernel filter by ports, addresses, links and states', async () => {
    let rows = 0;
    const listener = (event: unknown): void => {
      const { message, protocol } = event as TraceEvent;
      if (protocol === 4 && message?.type === 20) rows++;
    };
    subscribe('rxnetlink:receive', listener);
    try {
      expect(await read({ port: 5010, state: 'listen' })).to.have.length(1);
      expect(rows).to.equal(1);
      expect(await read({ link: 'lo', remote: '127.0.0.3' })).to.have.length(1);
      expect(rows).to.equal(2);
    } finally {
      unsubscribe('rxnetlink:receive', listener);
    }
  });

  it('reads only protocols that have the properties of the filter', async () => {
    const names = async (filter: SocketEntryFilter): Promise<string[]> => [
      ...new Set((await one(net.sockets.list(filter))).map(({ protocol }) => protocol)),
    ];
    expect(await names({ port: [5000, 5005] })).to.have.members(['tcp', 'udp']);
    expect(await names({ protocol: ['udp', 'netlink'] })).to.have.members(['udp', 'netlink']);
    expect(await names({ local: '/no/such/name' })).to.deep.equal([]);
  });

  it('names the property and the remedy in each error', async () => {
    const { sockets } = net;
    const texts = [
      [{ protocol: 'sctp' }, "protocol: expected 'tcp' or 'udp' or"],
      [{ protocol: 'unix', port: 80 }, "port: sockets of protocol 'unix' do not have it"],
      [{ protocol: 'unix', family: 4 }, "family: sockets of protocol 'unix' do not have it"],
      [{ protocol: 'tcp', state: 'listening' }, 'did you mean'],
      [{ protocol: 'tcp', local: '10.0.0.300' }, "local: '10.0.0.300' is not an IP address"],
      [{ remote: '10.0.0.1/8' }, "remote: '10.0.0.1/8' has host bits; the network is '10.0.0.0/8'"],
      [{ port: [90, 80] }, 'port: the first number, 90, is over the last one, 80'],
      [{ port: 1, local: { port: 2 } }, 'port: local has a port already'],
      [{ sport: 80 }, 'unknown property; did you mean port'],
      [{ uid: undefined }, 'uid: undefined is not a value'],
    ] as const;
    for (const [filter, text] of texts)
      expect((await failure(sockets.list(filter as never), 'invalid')).message)
        .to.include('cannot list sockets: ')
        .and.include(text);
    expect((await failure(sockets.list({ link: 'v7' }), 'missing')).message).to.equal("cannot list sockets: link: no link is named 'v7'");
    expect(() => sockets.list({ process: 1 } as never)).to.throw(TypeError, 'process must be true or false');
    expect(() => sockets.list({}, { timeOut: 1 } as never)).to.throw(TypeError, 'timeOut');
  });
});
