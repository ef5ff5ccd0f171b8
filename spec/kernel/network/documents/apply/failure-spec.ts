import { expect } from 'chai';
import { lastValueFrom, NEVER } from 'rxjs';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { isApplyError } from '../../../../../lib/network/documents/apply/apply-error.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { one, orUnavailable } from '../../support.js';
import { DOCUMENT, SCENE } from '../undo/failure-scene.js';
import { pictureOf, settledPicture } from './picture.js';
import { refusingTransport, type RefusingTransport } from './refusing.js';

describe('network().apply after a failure', function () {
  this.timeout(60_000);
  useNamespace();
  let own: Namespace;
  const namespace = (): Namespace => own;
  let kernel: RefusingTransport;
  let net: Network;

  beforeEach(() => {
    own = createNamespace();
    kernel = refusingTransport();
    net = network({ netns: namespace().path, transport: kernel.transport });
  });
  afterEach(() => {
    net.close();
    own.delete();
  });

  it('leaves everything as it was, at whichever step the kernel rejects a write', async function () {
    namespace().batch(SCENE);
    const before = await settledPicture(namespace());
    let step = 0;
    for (; ; step++) {
      const refused = step;
      kernel.refuse((write) => write === refused);
      const error = await lastValueFrom(net.apply(DOCUMENT)).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const wasRefused = kernel.writes > refused;
      kernel.refuse();
      if (error === undefined) break;
      if (!isApplyError(error) || !wasRefused || error.reason === 'conflict') throw orUnavailable(error);
      expect(error.left, `step ${step}: ${error.message}`).to.deep.equal([]);
      expect(error.undone).to.equal(true);
      expect(pictureOf(namespace()), `step ${step}: ${error.message}`).to.deep.equal(before);
    }
    // Each object of the document was written at least once.
    expect(step).to.be.greaterThan(15);
    this.test!.title += ` (${step} steps)`;
  });

  it('leaves traffic control as it was', async function () {
    const tc = (line: string): string => namespace().run('tc', ...line.split(' '));
    namespace().batch(['link add q0 type ifb', 'link set q0 up', 'link add q1 type ifb', 'link set q1 up', 'link add q2 type ifb']);
    for (const line of [
      'qdisc add dev q0 root handle 1: htb default 30',
      'class add dev q0 parent 1: classid 1:1 htb rate 10mbit ceil 10mbit',
      'class add dev q0 parent 1:1 classid 1:30 htb rate 1mbit ceil 10mbit',
      'qdisc add dev q0 parent 1:30 handle 30: pfifo limit 77',
      'qdisc add dev q1 root handle 5: tbf rate 5mbit burst 20k latency 50ms',
    ])
      tc(line);
    const picture = (): unknown =>
      ['-j qdisc show dev q0', '-j class show dev q0', '-j qdisc show dev q1'].map((line) =>
        withoutCounters(JSON.parse(tc(line)) as object),
      );
    const before = picture();
    const whole = await settledPicture(namespace());
    const document: NetworkDocument = {
      version: 1,
      links: [
        { name: 'q0', qdisc: { kind: 'tbf', tbf: { rate: '3mbit', burst: '20kib', latency: '50ms' } } },
        { name: 'q1', absent: true },
        { name: 'q2', absent: true },
      ],
    };
    let step = 0;
    for (; ; step++) {
      const refused = step;
      kernel.refuse((write) => write === refused);
      const error = await lastValueFrom(net.apply(document)).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const wasRefused = kernel.writes > refused;
      kernel.refuse();
      if (error === undefined) break;
      if (!isApplyError(error) || !wasRefused) throw orUnavailable(error);
      expect(error.left, `step ${step}: ${error.message}`).to.deep.equal([]);
      expect(picture(), `step ${step}: ${error.message}`).to.deep.equal(before);
      expect(await settledPicture(namespace()), `step ${step}: ${error.message}`).to.deep.equal(whole);
    }
    expect(step).to.be.greaterThan(2);
    expect(picture).to.throw('q1');
    this.test!.title += ` (${step} steps)`;
  });

  it('takes back traffic control that only a later round has written', async () => {
    const tc = (line: string): string => namespace().run('tc', ...line.split(' '));
    const picture = (): unknown => withoutCounters(JSON.parse(tc('-j qdisc show dev q0')) as object);
    namespace().batch(['link add q0 type ifb', 'link set q0 up']);
    tc('qdisc add dev q0 root handle 5: tbf rate 5mbit burst 20k latency 50ms');
    const document: NetworkDocument = {
      version: 1,
      links: [
        { name: 'q0', qdisc: { kind: 'tbf', handle: '5:', tbf: { rate: '5mbit', burst: '20kib', latency: '50ms' } } },
        { name: 'br0', kind: 'bridge', up: true },
      ],
    };
    // Another program exchanges the qdisc while the first round writes the bridge.
    kernel.onWrite = () => {
      kernel.onWrite = undefined;
      tc('qdisc replace dev q0 root handle 6: tbf rate 7mbit burst 20k latency 50ms');
    };
    const error: unknown = await one(net.apply(document, { confirm: { within: 1, by: NEVER } })).catch((reason: unknown) => reason);
    if (!isApplyError(error)) throw error;
    expect(error.done.map(({ text }) => text.split(' ').slice(0, 3).join(' '))).to.deep.equal(['+ link br0', '~ qdisc root']);
    expect({ undone: error.undone, left: error.left }).to.deep.equal({ undone: true, left: [] });
    expect(JSON.stringify(picture())).to.contain('"handle":"6:"').and.to.contain('875000');
    expect(namespace().ip('link')).to.not.contain('br0');
  });
});

/** Omits counters, which begin at 0 in a new qdisc. */
function withoutCounters(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, inner: unknown) =>
      ['refcnt', 'packets', 'bytes', 'direct_packets_stat'].includes(name) ? undefined : inner,
    ),
  );
}
