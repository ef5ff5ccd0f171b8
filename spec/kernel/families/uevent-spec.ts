import { expect } from 'chai';
import { findProgram } from '../../../scripts/support/command.js';
import { uevents, type Uevent, type UeventOptions } from '../../../lib/families/uevent.js';
import { DecodeError, MessageFlags, OverrunError, Protocol } from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { collect, pause, until, useSockets, type Collected } from '../../support/sockets.js';

/** A message for the kernel to broadcast as an event; the kernel reads no type from 16. */
const FORWARD = 16;

/** Runs a command where /sys shows the network devices of the namespace. */
const WITH_SYS = 'mount -t sysfs rxnetlink /sys && exec "$@"';

/**
 * Sends one event of udev to group 2: `struct` of libudev's header, then properties. Only its sizes and offsets are in host byte order.
 * The rest of the arguments are the properties.
 */
const SEND_AS_UDEV = `
import socket, struct, sys
properties = b''.join(text.encode() + b'\\0' for text in sys.argv[2:])
header = b'libudev\\0' + struct.pack('>I', 0xfeedcafe) + struct.pack('=III', 40, 40, len(properties)) + struct.pack('>IIII', 0, 0, 0, 0)
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15)
s.sendto(header + properties, (0, int(sys.argv[1])))
`;

describe('uevents', () => {
  const namespace = useNamespace();
  const open = useSockets();
  const running: Collected<Uevent>[] = [];
  const listen = (options: UeventOptions = {}): Collected<Uevent> => {
    const events = collect(uevents({ netns: namespace().path, ...options }));
    running.push(events);
    return events;
  };
  /** Runs a shell script with the namespace's own /sys; the arguments are `$1` and so on. */
  const inSys = (script: string, ...args: readonly string[]): string =>
    namespace().run('unshare', '--mount', 'sh', '-c', WITH_SYS, 'sh', 'sh', '-c', script, 'sh', ...args);
  const ofDevice = ({ values }: Collected<Uevent>, name: string): Uevent[] =>
    values.filter(({ environment }) => environment.get('INTERFACE') === name);

  afterEach(() => {
    for (const events of running.splice(0)) events.stop();
  });

  before(function () {
    try {
      inSys('test -d /sys/class/net/lo');
    } catch (error) {
      skipBecause(this, 'sysfs cannot be mounted in a namespace', error);
    }
  });

  it('emit what /sys shows of devices that are added and removed', async () => {
    const events = listen({ filter: { subsystem: 'net' } });
    namespace().ip('link add u0 type bridge');
    namespace().ip('link add u1 type veth peer name u2');
    await until('three additions', () => events.values.length >= 3);
    for (const name of ['u0', 'u1', 'u2']) {
      const added = ofDevice(events, name)[0]!;
      expect(added.action).to.equal('add');
      const shown = inSys('cat /sys/class/net/$1/uevent', name).trim().split('\n');
      expect([...added.environment].map(([key, value]) => `${key}=${value}`)).to.include.members(shown);
      const link = inSys('readlink -f /sys/class/net/$1', name).trim();
      expect(`/sys${added.devpath}`).to.equal(link);
      expect(added.environment.get('SEQNUM')).to.equal(String(added.seqnum));
    }
    expect(ofDevice(events, 'u0')[0]!.environment.get('DEVTYPE')).to.equal('bridge');
    for (const name of ['u0', 'u1']) namespace().ip(`link delete ${name}`);
    await until('three removals', () => events.values.filter(({ action }) => action === 'remove').length === 3);
    const numbers = events.values.map(({ seqnum }) => seqnum);
    expect(numbers).to.deep.equal([...numbers].sort((a, b) => Number(a - b)));
    expect(events.end).to.equal(undefined);
  });

  it('emit the move of a device that gets another name', async () => {
    namespace().ip('link add u3 type bridge');
    const events = listen({ filter: { action: 'move' } });
    namespace().ip('link set u3 name u4');
    await until('the move', () => events.values.length > 0);
    const [{ devpath, environment }] = events.values as [Uevent];
    expect({ devpath, old: environment.get('DEVPATH_OLD') }).to.deep.equal({
      devpath: '/devices/virtual/net/u4',
      old: '/devices/virtual/net/u3',
    });
    namespace().ip('link delete u4');
  });

  it('emit synthetic events with their UUID and variables, for every action that the kernel accepts', async () => {
    namespace().ip('link add u5 type bridge');
    const events = listen({ filter: { devpath: '/devices/virtual/net/u5', devtype: 'bridge' } });
    const uuid = '0189a1b2-3c4d-4e5f-8a6b-7c8d9e0f1a2b';
    const actions = ['add', 'remove', 'change', 'move', 'online', 'offline', 'bind', 'unbind'];
    for (const action of actions) inSys('echo "$1" > /sys/class/net/u5/uevent', `${action} ${uuid} COLOUR=blue SIZE=2`);
    await until('eight events', () => events.values.length === actions.length);
    expect(events.values.map(({ action }) => action)).to.deep.equal(actions);
    for (const { environment } of events.values) {
      // Documentation/ABI/testing/sysfs-uevent: the variables of a synthetic event begin with SYNTH_ARG_.
      expect(Object.fromEntries(environment)).to.include({ SYNTH_UUID: uuid, SYNTH_ARG_COLOUR: 'blue', SYNTH_ARG_SIZE: '2' });
    }
    inSys('echo change > /sys/class/net/u5/uevent');
    await until('the event without a UUID', () => events.values.length === actions.length + 1);
    expect(events.values.at(-1)!.environment.get('SYNTH_UUID')).to.equal('0');
    namespace().ip('link delete u5');
  });

  it('emit the events of one device only to its namespace', async () => {
    const here = listen();
    const outside = collect(uevents({ filter: { subsystem: 'net', devpath: '/devices/virtual/net/u6' } }));
    running.push(outside);
    namespace().ip('link add u6 type bridge');
    await until('the addition', () => ofDevice(here, 'u6').length > 0);
    await pause();
    expect(outside.values).to.deep.equal([]);
    namespace().ip('link delete u6');
  });

  it('emit what a process makes the kernel broadcast, and end with a DecodeError if it is not an event', async () => {
    const events = listen();
    const sender = open({ protocol: Protocol.KobjectUevent, netns: namespace().path });
    using _lease = sender.connect();
    const forward = (text: string) =>
      sender.send({ type: FORWARD, flags: MessageFlags.Request, payload: Buffer.from(text.replaceAll(' ', '\0')) });
    // The kernel appends SEQNUM, and sends it with port ID 0.
    forward('add@/devices/x ACTION=add DEVPATH=/devices/x SUBSYSTEM=test ');
    await until('the event', () => events.values.length > 0);
    expect(events.values[0]).to.deep.include({ action: 'add', devpath: '/devices/x', subsystem: 'test' });
    forward('add@/devices/x HOSTILE ');
    await until('the end', () => events.end !== undefined);
    expect(events.end).to.be.instanceOf(DecodeError);
    expect((events.end as DecodeError).message).to.match(/expected NAME=value, got "HOSTILE"/);
  });

  const UDEV = ['ACTION=add', 'DEVPATH=/devices/virtual/net/u7', 'SUBSYSTEM=net', 'INTERFACE=u7', 'SEQNUM=77', 'TAGS=:systemd:'];

  it('accept another process only as udev, in the group of udev', async () => {
    const [kernel, udev] = [listen(), listen({ source: 'udev' })];
    for (const group of [1, 2]) namespace().run('python3', '-S', '-E', '-c', SEND_AS_UDEV, String(group), ...UDEV);
    await until('the event of udev', () => udev.values.length > 0);
    await pause();
    expect(kernel).to.deep.include({ values: [], end: undefined });
    expect(udev.values.map(({ environment }) => [...environment].map(([name, value]) => `${name}=${value}`))).to.deep.equal([UDEV]);
  });

  it('equal those that udevadm monitor prints', async function () {
    if (findProgram('udevadm') === undefined) skipBecause(this, 'this machine has no udev');
    const [kernel, udev] = [listen(), listen({ source: 'udev' })];
    // Without the socket of a running udev, udevadm does not join the group of udev.
    const monitor = namespace().start(
      'unshare',
      '--mount',
      'sh',
      '-c',
      'mount -t tmpfs rxnetlink /run && mkdir /run/udev && touch /run/udev/control && exec udevadm monitor --kernel --udev --property',
    );
    let printed = '';
    monitor.stdout!.on('data', (text: Buffer) => (printed += text.toString()));
    await until('udevadm', () => printed.includes('KERNEL'));
    // It prints the heading before it listens.
    await until('the first event', () => {
      namespace().ip('link add u8 type bridge');
      namespace().ip('link delete u8');
      return printed.includes('INTERFACE=u8');
    });
    const begin = printed.length;
    const before = kernel.values.length;
    namespace().run('python3', '-S', '-E', '-c', SEND_AS_UDEV, '2', ...UDEV);
    namespace().batch([
      'link add u9 type bridge',
      'link add u10 type bridge',
      'link set u10 name u11',
      'link delete u9',
      'link delete u11',
    ]);
    await until('the removal', () => /remove\s+\/devices\/virtual\/net\/u11 /.test(printed));
    monitor.kill('SIGKILL');
    const blocks = printed
      .slice(begin)
      .trim()
      .split('\n\n')
      .map((block) => block.split('\n'));
    const theirs = (source: string) => blocks.filter(([title]) => title!.startsWith(source)).map(([, ...lines]) => lines.sort());
    const ours = (events: readonly Uevent[]) =>
      events.map(({ environment }) => [...environment].map(([name, value]) => `${name}=${value}`).sort());
    await until('as many events', () => kernel.values.length - before >= theirs('KERNEL').length);
    expect(theirs('KERNEL').length).to.be.at.least(5);
    expect(ours(kernel.values.slice(before))).to.deep.equal(theirs('KERNEL'));
    expect(ours(udev.values)).to.deep.equal(theirs('UDEV'));
  });

  it('end with an OverrunError when the queue overflows', async () => {
    const events = listen({ receiveBufferSize: 8192 });
    namespace().batch(Array.from({ length: 60 }, (_, index) => `link add o${String(index)} type bridge`));
    await until('the error', () => events.end !== undefined);
    expect(events.end).to.be.instanceOf(OverrunError).and.include({ code: 'ENOBUFS' });
    expect(events.values.length).to.be.greaterThan(0);
  });
});
