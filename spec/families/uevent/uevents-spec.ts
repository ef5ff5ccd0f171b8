import { expect } from 'chai';
import { decodeUevent, uevents, type UeventOptions } from '../../../lib/families/uevent.js';
import { DecodeError, OverrunError } from '../../../lib/index.js';
import { fakeKernel, type FakeKernel, type NetlinkRunHelpers } from '../../../lib/testing/index.js';
import { marbles } from '../../operators/support.js';
import { collect, pause } from '../../support/sockets.js';

function eventOf(action: string, devpath: string, subsystem: string, ...variables: readonly string[]): Uint8Array {
  const texts = [`${action}@${devpath}`, `ACTION=${action}`, `DEVPATH=${devpath}`, `SUBSYSTEM=${subsystem}`, ...variables, 'SEQNUM=5'];
  return Buffer.from(texts.map((text) => `${text}\0`).join(''));
}

const BYTES = {
  a: eventOf('add', '/devices/virtual/net/br0', 'net', 'DEVTYPE=bridge'),
  q: eventOf('add', '/devices/virtual/net/br0/queues/rx-0', 'queues'),
  n: eventOf('add', '/devices/virtual/net/br01', 'net'),
  r: eventOf('remove', '/devices/virtual/net/br0', 'net', 'DEVTYPE=bridge'),
  u: eventOf('change', '/devices/pci/usb1', 'usb', 'DEVTYPE=usb_device'),
};
const EVENTS = Object.fromEntries(Object.entries(BYTES).map(([marble, bytes]) => [marble, decodeUevent(bytes)]));

/** Sends one event of a kernel a frame, by marble; `O` is an overrun. */
function play(kernel: FakeKernel, { cold }: NetlinkRunHelpers, diagram: string): void {
  cold(diagram).subscribe((marble) => {
    if (marble === 'O') kernel.overrun();
    else kernel.notify(1, marble === 'X' ? Buffer.from('not an event') : BYTES[marble as keyof typeof BYTES]);
  });
}

describe('uevents', () => {
  const cases: readonly [string, UeventOptions, string][] = [
    ['emits every event without a filter', {}, '-a-q-n-r-u'],
    ['emits the events of an action', { filter: { action: 'add' } }, '-a-q-n----'],
    ['emits the events of several actions', { filter: { action: ['remove', 'change'] } }, '-------r-u'],
    ['emits the events of a subsystem', { filter: { subsystem: 'net' } }, '-a---n-r--'],
    ['emits the events of a type of device', { filter: { devtype: ['bridge', 'usb_device'] } }, '-a-----r-u'],
    ['emits the events of a device and of those below it', { filter: { devpath: '/devices/virtual/net/br0' } }, '-a-q---r--'],
    ['emits the events below a folder', { filter: { devpath: '/devices/virtual/' } }, '-a-q-n-r--'],
    ['emits the events that fit every property', { filter: { subsystem: 'net', action: 'add', devtype: 'bridge' } }, '-a--------'],
    ['emits nothing for an empty list', { filter: { action: [] } }, '----------'],
  ];
  for (const [title, options, expected] of cases) {
    it(
      title,
      marbles((helpers) => {
        const transport = helpers.fakeKernel();
        helpers.expectObservable(uevents({ ...options, transport })).toBe(expected, EVENTS);
        play(transport, helpers, '-a-q-n-r-u');
      }),
    );
  }

  it(
    'ends with an OverrunError when events were lost, and starts again for a new subscriber',
    marbles((helpers) => {
      const transport = helpers.fakeKernel();
      const events = uevents({ transport });
      helpers.expectObservable(events).toBe('-a-#', EVENTS, new OverrunError(1));
      helpers.expectObservable(events, '-----^').toBe('------r', EVENTS);
      play(transport, helpers, '-a-O--r');
    }),
  );

  it('ends with a DecodeError for text that is not an event', async () => {
    const transport = fakeKernel();
    const events = collect(uevents({ transport, filter: { subsystem: 'net' } }));
    for (const bytes of [BYTES.a, Buffer.from('not an event')]) transport.notify(1, bytes);
    await pause();
    expect(events.values).to.deep.equal([EVENTS['a']]);
    expect(events.end).to.be.instanceOf(DecodeError);
  });

  it('shares one socket between subscribers, and joins the group of the source', async () => {
    for (const [source, group] of [
      ['kernel', 1],
      ['udev', 2],
    ] as const) {
      const transport = fakeKernel();
      const events = uevents({ source, transport });
      const [first, second] = [collect(events), collect(events)];
      expect(transport.opened).to.equal(1);
      expect(transport.notify(3 - group, BYTES.a)).to.equal(0);
      expect(transport.notify(group, BYTES.r)).to.equal(1);
      await pause();
      for (const { values } of [first, second]) expect(values).to.deep.equal([EVENTS['r']]);
      first.stop();
      second.stop();
    }
  });

  it('ignores datagrams of other processes, and those that are sent to the socket itself', async () => {
    const transport = fakeKernel();
    const [kernel, udev] = [collect(uevents({ transport })), collect(uevents({ source: 'udev', transport }))];
    transport.spoof(4711, BYTES.a);
    await pause();
    expect([kernel, udev].map(({ values, end }) => ({ values, end }))).to.deep.equal([
      { values: [], end: undefined },
      { values: [], end: undefined },
    ]);
    kernel.stop();
    udev.stop();
  });

  const misuse: readonly [string, object, RegExp][] = [
    ['an unknown option', { group: 1 }, /uevents: unknown option 'group'/],
    ['an unknown source', { source: 'systemd' }, /uevents: option source must be 'kernel' or 'udev'/],
    ['an option that means netns', { namespace: 'blue' }, /uevents: unknown option 'namespace'; .*; did you mean netns\?$/],
    ['an unknown filter', { filter: { name: 'br0' } }, /uevents: filter: unknown option 'name'/],
    ['a filter of another kind', { filter: { action: 1 } }, /filter action must be a non-empty text or a list of such texts, not number/],
    ['an empty text', { filter: { subsystem: [''] } }, /filter subsystem must be .*, not an empty text/],
    ['a path below /sys', { filter: { devpath: '/sys/devices/x' } }, /filter devpath must be a path without \/sys/],
    ['a path that is not absolute', { filter: { devpath: 'br0' } }, /filter devpath must be a path without \/sys/],
    ['a buffer of another kind', { receiveBufferSize: 'big' }, /receiveBufferSize must be a number/],
  ];
  for (const [what, options, message] of misuse) {
    it(`throws a TypeError for ${what}`, () => {
      expect(() => uevents(options)).to.throw(TypeError, message);
    });
  }
});
