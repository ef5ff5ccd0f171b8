import { expect } from 'chai';
import { conntrack } from '../../../lib/families/conntrack.js';
import { run, skipBecause, useNamespace } from '../../support/namespace.js';
import { pause } from '../../support/sockets.js';
import { useClients } from './clients.js';
import { useWatchers } from './watcher.js';

const FLOW = '-p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 2000';

/** The setting that gives connections events: 0 for none, 2 for those that are made while a socket listens. */
const EVENTS = '/proc/sys/net/netfilter/nf_conntrack_events';
const AUTOMATIC = 2;

describe('a live collection of connections', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const closing = useClients();
  const open = () => closing(conntrack({ netns: namespace().path }));
  const command = (line: string): string => namespace().run('conntrack', ...line.split(' '));
  const create = (zone: number): string => command(`-I ${FLOW} -t 100 -u SEEN_REPLY --zone ${String(zone)}`);

  before(function () {
    try {
      run('nsenter', [`--net=${namespace().path}`, '--', 'conntrack', '-C']);
    } catch (error) {
      skipBecause(this, 'this kernel or network namespace has no connection tracking', error);
    }
  });
  afterEach(() => {
    command('-F');
  });

  it('holds two connections that differ only by their zone, and removes one of them', async () => {
    const watcher = watch(open().watch('get'));
    await watcher.has('being in sync');
    for (const zone of [1, 2]) create(zone);
    const zones = () => watcher.entries!.map(({ zone }) => zone).sort();
    await watcher.has('both', (rows) => rows.length === 2);
    expect(zones()).to.deep.equal([1, 2]);
    command(`-D ${FLOW} --zone 1`);
    await watcher.has('one', (rows) => rows.length === 1);
    expect(zones()).to.deep.equal([2]);
  });

  it('receives no event for the end of a connection that existed before the subscription, and declares an interval for reading again', async function () {
    // A connection has events if any socket of the machine listens to connections when it is made, also in another namespace.
    const setEvents = (mode: number): string => namespace().run('sh', '-c', `echo ${String(mode)} > ${EVENTS}`);
    setEvents(0);
    create(3);
    try {
      setEvents(AUTOMATIC);
    } catch (error) {
      skipBecause(this, 'this kernel has no events of connections on demand', error);
    }
    const client = open();
    const watcher = watch(client.watch('get'));
    await watcher.has('it', (rows) => rows.length === 1);
    command(`-D ${FLOW} --zone 3`);
    await pause(100);
    expect(watcher.since(0)).to.deep.equal([]);
    expect(client.declarationOf('get').interval).to.equal(30_000);
  });
});
