import { expect } from 'chai';
import type { Network } from '../../../../lib/network/network.js';
import { failure, one } from '../support.js';
import { useFilters } from './filters.js';

describe('network(), deletions while the parent disappears', () => {
  const filters = useFilters();
  const tc = (line: string): string => filters().namespace.run('tc', ...line.split(' '));
  const FILTER = { link: 'p0', parent: 'ingress', priority: 10, kind: 'u32' } as const;
  const QDISC = { link: 'p1', parent: '1:10' } as const;

  /** Runs commands of `tc` between the reading and the request of the next verb. */
  function beforeRequest({ clients: { tc: client } }: Network, ...lines: readonly string[]): void {
    const original = client.do;
    const replaced = (...args: unknown[]): unknown => {
      client.do = original;
      lines.forEach(tc);
      return (original as (...all: unknown[]) => unknown).apply(client, args);
    };
    client.do = replaced as typeof original;
  }

  it('counts a filter as absent when the qdisc disappears', async () => {
    const { net } = filters();
    const away = 'qdisc del dev p0 clsact';
    const back = 'qdisc add dev p0 clsact';
    await one(net.filters.add(FILTER));
    beforeRequest(net, away);
    expect(await one(net.filters.ensureAbsent(FILTER))).to.equal(false);
    tc(back);
    await one(net.filters.add(FILTER));
    beforeRequest(net, away);
    expect((await failure(net.filters.delete(FILTER), 'missing')).message).to.include("Parent Qdisc doesn't exist");
    beforeRequest(net);
    await failure(net.filters.add(FILTER), 'unknown-name');
    tc(back);
  });

  it('counts a qdisc as absent when its class disappears', async () => {
    const { net } = filters();
    const lines = [
      'qdisc replace dev p1 root handle 1: htb',
      'class add dev p1 classid 1:10 htb rate 1mbit',
      'qdisc add dev p1 parent 1:10 pfifo',
    ];
    const away = 'class del dev p1 classid 1:10';
    lines.forEach(tc);
    beforeRequest(net, away);
    expect(await one(net.qdiscs.ensureAbsent(QDISC))).to.equal(false);
    lines.slice(1).forEach(tc);
    beforeRequest(net, away);
    // The second text is that of Linux before 5.11.
    const { message } = await failure(net.qdiscs.delete(QDISC), 'missing');
    expect(message).to.match(/Specified class not found|Cannot find specified qdisc/);
    tc('qdisc del dev p1 root');
  });
});
