import { expect } from 'chai';
import { finalize, lastValueFrom, NEVER, tap } from 'rxjs';
import { isApplyError } from '../../../../../lib/network/documents/apply/apply-error.js';
import type { ApplyEvent, ApplyOptions } from '../../../../../lib/network/documents/apply/apply.js';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { usePrograms } from '../../../../support/programs.js';
import { one } from '../../support.js';
import { settledPicture } from '../apply/picture.js';
import { refusingTransport, type RefusingTransport } from '../apply/refusing.js';
import { DOCUMENT, SCENE } from './failure-scene.js';

/** The table that the document changes, and one of another program. */
const RULES = [
  'table inet app { set admins { type ipv4_addr; elements = { 10.0.0.6 }; }; chain in { type filter hook input priority 0; ip saddr @admins accept; }; }',
  'table ip other { chain c { type filter hook input priority 10; counter accept; }; }',
];

/** Routes whose requests fill several datagrams. */
const ROUTES = Array.from({ length: 400 }, (_, index) => ({ to: `10.64.${index >> 8}.${index & 255}/32`, via: '10.5.0.9', table: 60 }));

/** A document with changes in every phase, and with a batch of several datagrams. */
const WHOLE: NetworkDocument = {
  ...DOCUMENT,
  routes: [...DOCUMENT.routes!, ...ROUTES],
  firewall: {
    tables: [
      {
        family: 'inet',
        name: 'app',
        chains: [
          {
            name: 'in',
            type: 'filter',
            hook: 'input',
            priority: 'filter',
            rules: [{ when: [{ 'tcp.dport': 22 }, { 'ip.saddr': '@admins' }], then: ['accept'] }],
          },
        ],
        sets: [{ name: 'admins', type: 'ipv4_addr', elements: ['10.0.0.7'] }],
      },
    ],
  },
};

/** Nothing confirms it, so that it can be ended after the last write too. */
const UNCONFIRMED: ApplyOptions = { confirm: { within: '1h', by: NEVER } };

/** Ends an application. */
type End = () => void;

/** Called for each event of an application. */
type Watch = (event: ApplyEvent, end: End) => void;

/** Aborts the signal of an application; returns the number of changes that it had made. */
async function byAbort(net: Network, watch: Watch): Promise<number> {
  const controller = new AbortController();
  const events = net.applyWithProgress(WHOLE, { ...UNCONFIRMED, signal: controller.signal });
  const error: unknown = await lastValueFrom(events.pipe(tap((event) => watch(event, () => controller.abort())))).catch(
    (reason: unknown) => reason,
  );
  if (!isApplyError(error)) throw error instanceof Error ? error : new Error('apply succeeded');
  expect(error, error.message).to.include({ reason: 'cancelled', undone: true });
  expect(error.left, error.message).to.deep.equal([]);
  return error.done.length;
}

/** Unsubscribes from an application; returns the number of changes that it had made until then. */
async function byUnsubscribing(net: Network, watch: Watch): Promise<number> {
  let done = 0;
  await new Promise<void>((resolve, reject) => {
    const subscription = net
      .applyWithProgress(WHOLE, UNCONFIRMED)
      .pipe(finalize(resolve))
      .subscribe({
        next: (event) => {
          if (event.type === 'done') done++;
          watch(event, () => subscription.unsubscribe());
        },
        error: reject,
      });
  });
  // The next application begins when the undoing has ended.
  await one(net.apply({ version: 1 }));
  return done;
}

describe('network().apply that is ended before it is complete', function () {
  this.timeout(180_000);
  usePrograms('nft', 'bridge');
  useNamespace();
  let namespace: Namespace;
  let kernel: RefusingTransport;
  let net: Network;
  let before: unknown;

  beforeEach(async () => {
    namespace = createNamespace();
    namespace.batch(SCENE);
    for (const rules of RULES) namespace.run('nft', rules);
    kernel = refusingTransport();
    net = network({ netns: namespace.path, transport: kernel.transport });
    before = await picture();
  });
  afterEach(() => {
    net.close();
    namespace.delete();
  });

  async function picture(): Promise<unknown> {
    const withoutHandles = (name: string, value: unknown): unknown => (name === 'handle' ? undefined : value);
    const rules: unknown = JSON.parse(namespace.run('nft', '-j', 'list', 'ruleset'), withoutHandles);
    return { ...(await settledPicture(namespace)), rules };
  }

  for (const [way, run] of [
    ['an aborted signal', byAbort],
    ['unsubscribing', byUnsubscribing],
  ] as const) {
    it(`takes everything back after ${way} between two phases, before the first write and after the last`, async function () {
      const tables: string[] = ['start'];
      await run(net, (event, end) => {
        if (event.type === 'done') tables.push(event.difference.table);
        if (event.type === 'verified') end();
      });
      expect(await picture(), 'at the end').to.deep.equal(before);
      const moments = tables.flatMap((table, index) => (table === tables[index + 1] ? [] : [index]));
      expect(moments.map((index) => tables[index])).to.include.members(['start', 'links', 'addresses', 'routes', 'rules', 'firewall']);
      for (const moment of moments) {
        let count = 0;
        const done = await run(net, (event, end) => {
          if (event.type === 'done') count++;
          if (count === moment && (event.type === 'done' || event.type === 'started')) end();
        });
        expect(await picture(), `after ${moment} changes`).to.deep.equal(before);
        expect(done).to.be.at.least(moment);
      }
      this.test!.title += ` (${moments.length + 1} moments)`;
    });

    it(`takes everything back after ${way} at every other datagram, in the middle of a batch too`, async function () {
      let hasEnded = false;
      let moments = 0;
      const partial: number[] = [];
      for (let moment = 1; !hasEnded; moment += 2, moments++) {
        let count = 0;
        let finish: End | undefined;
        // The dry run of the firewall is before the first event.
        kernel.onWrite = () => {
          if (finish !== undefined && ++count === moment) finish();
        };
        let routes = 0;
        await run(net, (event, end) => {
          finish = end;
          if (event.type === 'done' && event.difference.table === 'routes') routes++;
          if (event.type !== 'verified') return;
          hasEnded = true;
          end();
        });
        kernel.onWrite = undefined;
        expect(await picture(), `at datagram ${moment}`).to.deep.equal(before);
        if (routes > DOCUMENT.routes!.length && routes < ROUTES.length) partial.push(routes);
      }
      expect(moments).to.be.greaterThan(5);
      expect(partial).to.not.deep.equal([]);
      this.test!.title += ` (${moments} moments)`;
    });
  }
});
