import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { Protocol, type Datagram, type TraceEvent } from '../../../lib/index.js';
import { runChild } from '../../support/child.js';
import { useNamespace } from '../../support/namespace.js';
import { collect, pause, until, useSockets } from '../../support/sockets.js';

const KERNEL_GROUP = 1;

/** Reads `add@/devices/virtual/net/u0`, then `KEY=value`, each closed by a NUL. */
function fieldsOf({ bytes }: Datagram): { title: string; values: Record<string, string> } {
  const [title = '', ...fields] = Buffer.from(bytes).toString('latin1').split('\0');
  const pairs = fields.filter((field) => field !== '').map((field) => field.split('=', 2) as [string, string]);
  return { title, values: Object.fromEntries(pairs) };
}

describe('uevent', () => {
  const namespace = useNamespace();
  const open = useSockets();

  it('is emitted as datagrams of text from the kernel, and not as messages', async () => {
    const socket = open({ protocol: Protocol.KobjectUevent, netns: namespace().path, groups: [KERNEL_GROUP] });
    const datagrams = collect(socket.datagrams);
    const messages = [collect(socket), collect(socket.multicast(KERNEL_GROUP))];
    namespace().ip('link add u0 type bridge');
    const index = namespace().run('cat', '/proc/self/net/dev').includes('u0:')
      ? (JSON.parse(namespace().run('ip', '-j', 'link', 'show', 'u0')) as { ifindex: number }[])[0]?.ifindex
      : undefined;
    namespace().ip('link delete u0');
    const ofU0 = () => datagrams.values.map(fieldsOf).filter(({ values }) => values['INTERFACE'] === 'u0');
    await until('the removal', () => ofU0().some(({ title }) => title.startsWith('remove@')));
    await pause();
    const added = ofU0().find(({ title }) => title === 'add@/devices/virtual/net/u0');
    expect(added?.values).to.include({ ACTION: 'add', SUBSYSTEM: 'net', IFINDEX: String(index), DEVTYPE: 'bridge' });
    for (const { sender, group } of datagrams.values)
      expect({ port: sender.portId, group }).to.deep.equal({ port: 0, group: KERNEL_GROUP });
    for (const received of messages) expect(received).to.deep.include({ values: [], end: undefined });
    expect(socket.counters).to.include({ strays: 0, spoofed: 0, truncated: 0, overruns: 0 });
  });

  it('is traced as lines of text', async () => {
    const socket = open({ protocol: Protocol.KobjectUevent, netns: namespace().path, groups: [KERNEL_GROUP] });
    const traced: TraceEvent[] = [];
    const listener = (event: unknown): void => void traced.push(event as TraceEvent);
    subscribe('rxnetlink:receive', listener);
    try {
      const datagrams = collect(socket.datagrams);
      namespace().ip('link add u1 type bridge');
      await until('the addition', () => datagrams.values.some((datagram) => fieldsOf(datagram).values['INTERFACE'] === 'u1'));
      const own = traced.filter(({ portId }) => portId === socket.portId);
      expect(own.map(({ protocol, message }) => ({ protocol, message }))).to.deep.equal(
        datagrams.values.map(() => ({ protocol: Protocol.KobjectUevent, message: undefined })),
      );
      const lines = own.map(({ text = '' }) => text.split('\n')).find((text) => text.includes('INTERFACE=u1'));
      expect(lines?.[0]).to.equal('add@/devices/virtual/net/u1');
      expect(lines).to.include.members(['ACTION=add', 'SUBSYSTEM=net', 'DEVTYPE=bridge']);
    } finally {
      unsubscribe('rxnetlink:receive', listener);
      namespace().ip('link delete u1');
    }
  });

  it('is printed by NODE_DEBUG=rxnetlink', async () => {
    const script = `
      const { netlink, Protocol } = await import('./lib/index.js');
      const { spawnSync } = await import('node:child_process');
      const socket = netlink({ protocol: Protocol.KobjectUevent, netns: ${JSON.stringify(namespace().path)}, groups: [1] });
      socket.datagrams.subscribe(() => setImmediate(() => process.exit()));
      spawnSync('nsenter', ['--net=' + ${JSON.stringify(namespace().path)}, '--', 'ip', 'link', 'add', 'u2', 'type', 'bridge']);
    `;
    const { stderr } = await runChild(script, { milliseconds: 30_000, bare: true, env: { NODE_DEBUG: 'rxnetlink' } });
    expect(stderr).to.match(/RXNETLINK \d+: receive, port \d+, protocol 15\nadd@\/devices\/virtual\/net\/u2\nACTION=add\n/);
  }).timeout(40_000);

  it('is emitted in order until the queue overflows, and then as an OverrunError', async () => {
    const socket = open({ protocol: Protocol.KobjectUevent, netns: namespace().path, groups: [KERNEL_GROUP], receiveBufferSize: 8192 });
    const datagrams = collect(socket.datagrams);
    namespace().batch(Array.from({ length: 60 }, (_, index) => `link add o${String(index)} type bridge`));
    await until('the error', () => datagrams.end !== undefined);
    expect(datagrams.end).to.include({ name: 'OverrunError', code: 'ENOBUFS' });
    const numbers = datagrams.values.map((datagram) => Number(fieldsOf(datagram).values['SEQNUM']));
    expect(numbers.length).to.be.greaterThan(0);
    expect(numbers).to.deep.equal([...numbers].sort((a, b) => a - b));
  });
});
