import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { runChild } from '../support/child.js';
import { needsChildNode } from '../support/emulator.js';

const patient = { milliseconds: 30_000, bare: true };

/** Scripts that change the platform, or make the addon unusable, before the library is imported. */
const UNSUPPORTED = {
  'on another platform': `Object.defineProperty(process, 'platform', { value: 'darwin' });`,
  'with an addon that cannot be loaded': `
    const { default: Module } = await import('node:module');
    Module._extensions['.node'] = () => { throw new Error('wrong ELF class'); };
  `,
} as const;

const USES = `
  const library = await import('./lib/index.js');
  const { rtLink } = await import('./lib/families/rt-link.js');
  const { families } = await import('./lib/families/index.js');
  const { fakeKernel, ack } = await import('./lib/testing/index.js');
  const { lastValueFrom, of, toArray } = await import('rxjs');
  const { netlink, encodeMessage, iterateMessages, AttributeEncoder, AttributeReader, decodeMessages, ofType, KERNEL_ORIGIN } = library;
  const seen = {};
  seen.families = (await Promise.all(Object.values(families).map((load) => load()))).length;
  const payload = new AttributeEncoder().string(3, 'lo').uint32(4, 1500).encode();
  const bytes = encodeMessage({ type: 16, sequence: 7, payload });
  seen.codec = [...iterateMessages(bytes)].map((m) => [m.sequence, [...new AttributeReader(m.payload)].map((a) => a.type)]);
  seen.operators = (await lastValueFrom(of({ bytes, ...KERNEL_ORIGIN }).pipe(decodeMessages(), ofType(16), toArray()))).length;
  seen.fake = await lastValueFrom(netlink({ protocol: 0, transport: fakeKernel(() => ack()) }).request({ type: 19 }).pipe(toArray()));
  const describe = ({ name, code, operation }) => [name, code, operation];
  const endOf = (stream) => new Promise((resolve) => stream.subscribe({ error: (error) => resolve(describe(error)) }));
  const socket = netlink(0);
  seen.opened = [];
  for (const stream of [socket, socket.datagrams, socket.multicast(1), socket.request({ type: 18 }), socket.batch([{ type: 19 }]), rtLink().dump('getlink'), netlink({ protocol: 0, netns: 'blue' })]) {
    seen.opened.push(await endOf(stream));
  }
  try { socket.connect(); } catch (error) { seen.opened.push(describe(error)); }
  try { await socket[Symbol.asyncIterator]().next(); } catch (error) { seen.opened.push(describe(error)); }
  seen.open = socket.isOpen;
  socket.close();
  console.log(JSON.stringify(seen));
`;

describe('unsupported platform', () => {
  before(function () {
    needsChildNode(this);
  });

  for (const [name, script] of Object.entries(UNSUPPORTED)) {
    it(`works except opening, which fails with UnsupportedPlatformError, ${name}`, async () => {
      const { code, stdout, stderr } = await runChild(script + USES, patient);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      const unsupported = ['UnsupportedPlatformError', 'ENOSYS', 'open'];
      expect(JSON.parse(stdout)).to.deep.equal({
        // Those that the generator writes, and uevent, which has no attributes.
        families: readdirSync(new URL('../../lib/families/generated', import.meta.url)).length + 1,
        codec: [[7, [3, 4]]],
        operators: 1,
        fake: [],
        opened: Array.from({ length: 9 }, () => unsupported),
        open: false,
      });
    }).timeout(40_000);
  }
});
