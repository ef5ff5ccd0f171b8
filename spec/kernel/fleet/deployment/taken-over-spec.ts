import { AckPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { aliveSubject, openSubject, socketSubject, stateStream, stateSubject } from '../../../../lib/fleet/subjects.js';
import { runCli } from '../../../cli/run-cli.js';
import { PATIENCE } from '../../../support/patience.js';
import { pause } from '../../../support/sockets.js';
import { agent as agentOf, serveRemote } from '../../../../lib/fleet/index.js';
import { decodeBeat } from '../../../../lib/fleet/log/beat.js';
import { createNamespace } from '../../../support/namespace.js';
import { BEAT, Recorded, until } from '../fleet-kit.js';
import { Deployment } from './deployment.js';

const HOSTS = ['web-0', 'web-1', 'web-2'];
/** The cell of a host: prepare.mjs numbers the hosts. */
const cellOf = (host: string): number => HOSTS.indexOf(host);
const state = (host: string, cell = cellOf(host)): string => stateSubject({ cell, host, family: 'rt-link', op: 'getlink', shard: 0 });
const timeout = 2000 * PATIENCE;

/** The security section of docs/fleet.md names what these users can do and cannot do, in a deployment with a cell for each host. */
describe('a user of the deployment that was taken over', function () {
  this.timeout(60_000 * PATIENCE);
  const deployment = new Deployment();
  const [bad = '', other = '', third = ''] = HOSTS;
  let manager: JetStreamManager;
  let agent: NatsConnection;
  let reader: NatsConnection;

  before(async () => {
    await deployment.start(HOSTS);
    const admin = ['--nkey', deployment.keyFile('admin'), '--tls-ca', deployment.caFile];
    const server = `tls://localhost:${deployment.server.port}`;
    const made = await runCli('fleet', 'streams', '--server', server, ...admin, `--cells=${HOSTS.length}`);
    expect(made.code, made.err).to.equal(0);
    manager = await jetstreamManager(await deployment.connect('admin'));
    agent = await deployment.connect(`agent-${bad}`);
    reader = await deployment.connect('reader');
  });
  beforeEach(async () => {
    for (const host of HOSTS) await publish(await deployment.connect(`agent-${host}`), host);
  });
  after(() => deployment.delete());

  async function publish(connection: NatsConnection, host: string, rollup?: string, cell?: number): Promise<void> {
    const sent = headers();
    if (rollup !== undefined) sent.set('Nats-Rollup', rollup);
    await jetstream(connection).publish(state(host, cell), '{"v":1,"prev":0,"of":1,"set":[],"del":[]}', { headers: sent, timeout });
  }

  async function isStored(host: string): Promise<boolean> {
    const stored = await manager.streams.getMessage(stateStream(cellOf(host)), { last_by_subj: state(host) });
    return stored !== null;
  }

  it('deletes no rows of another host as an agent', async () => {
    await publish(agent, bad, 'all');
    for (const host of [other, third]) {
      expect(await isStored(host), host).to.equal(true);
      const denied = await publish(agent, bad, 'all', cellOf(host)).catch((error: unknown) => error);
      expect(denied).to.match(/permissions violation/i);
      expect(await isStored(host), host).to.equal(true);
    }
    const { state: beats } = await manager.streams.info('RXF_ALIVE', { subjects_filter: '>' });
    const sent = headers();
    sent.set('Nats-Rollup', 'all');
    const rollup = jetstream(agent).publish(aliveSubject(bad), '{}', { headers: sent, timeout });
    expect(await rollup.catch((error: unknown) => error)).to.match(/rollup not permitted/i);
    expect((await manager.streams.info('RXF_ALIVE', { subjects_filter: '>' })).state.subjects ?? {}).to.deep.equal(beats.subjects ?? {});
  });

  it('reads the names of all hosts as an agent, and not those of the tables of a host in another cell', async () => {
    for (const host of HOSTS) (await deployment.connect(`agent-${host}`)).publish(aliveSubject(host), '{}');
    const all = HOSTS.map(aliveSubject);
    const { streams, direct } = await jetstreamManager(agent);
    const subjects = async (stream: string) => Object.keys((await streams.info(stream, { subjects_filter: '>' })).state.subjects ?? {});
    const rejection = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
    let names: readonly string[] = [];
    for (const end = Date.now() + timeout; names.length < all.length && Date.now() < end;) names = await subjects('RXF_ALIVE');
    expect(names).to.have.members(all);
    expect(await subjects(stateStream(cellOf(bad)))).to.deep.equal([state(bad)]);
    expect(await rejection(subjects(stateStream(cellOf(other))))).to.match(/permissions violation/i);
    expect(await rejection(direct.getMessage('RXF_ALIVE', { last_by_subj: aliveSubject(other) }))).to.match(/permissions violation/i);
    expect(await rejection(streams.getMessage('RXF_ALIVE', { last_by_subj: aliveSubject(other) }))).to.match(/permissions violation/i);
  });

  /** Makes a consumer of the reader that delivers the rows of a host at any subject. Returns a function that reads how many messages it has delivered. */
  async function deliver(subject: string): Promise<() => Promise<number>> {
    const { consumers } = await jetstreamManager(reader);
    const { name } = await consumers.add(stateStream(cellOf(bad)), {
      deliver_subject: subject,
      ack_policy: AckPolicy.None,
      filter_subject: state(bad),
    });
    return async () => (await consumers.info(stateStream(cellOf(bad)), name)).delivered.consumer_seq;
  }

  it('does not write rows or sockets as a reader that has rows delivered there', async () => {
    const { consumers } = await jetstreamManager(reader);
    const cycle = consumers.add(stateStream(cellOf(bad)), { deliver_subject: state(bad), ack_policy: AckPolicy.None });
    expect(await cycle.catch((error: unknown) => error)).to.match(/forms a cycle/);
    const served = await deployment.connect(`agent-${bad}`);
    const frames: Msg[] = [];
    served.subscribe(socketSubject(bad, '*', '*', 'tx'), { callback: (_, message) => void frames.push(message) });
    await served.flush();
    const before = await manager.streams.info(stateStream(cellOf(other)));
    for (const subject of [
      state(other),
      `$JS.API.STREAM.PURGE.${stateStream(cellOf(other))}`,
      socketSubject(bad, 'any', 'abcdefghijkl', 'tx'),
    ]) {
      const delivered = await deliver(subject);
      await pause(300 * PATIENCE);
      expect(await delivered(), subject).to.equal(0);
    }
    const { state: after } = await manager.streams.info(stateStream(cellOf(other)));
    expect([after.messages, after.last_seq]).to.deep.equal([before.state.messages, before.state.last_seq]);
    expect(frames).to.deep.equal([]);
  });

  it('does not write beats as a reader, and cannot subscribe to them', async () => {
    const namespace = createNamespace();
    const owner = agentOf(await deployment.connect(`agent-${other}`), {
      host: other,
      cell: cellOf(other),
      netns: namespace.path,
      beat: BEAT,
    });
    const events = new Recorded(owner);
    try {
      await events.find((event) => event.type === 'published');
      for (const user of ['reader', 'operator', 'admin', `agent-${other}`, `agent-${bad}`]) {
        const connection = await deployment.connect(user);
        for (const subject of [aliveSubject(other), 'rxf.alive.*', 'rxf.>', '>']) {
          const refused = new Promise<Error | null>((resolve) => connection.subscribe(subject, { callback: resolve }));
          expect(await refused, `${user} ${subject}`).to.match(/Permissions Violation for Subscription/i);
        }
      }
      const delivered = await deliver(aliveSubject(other));
      await pause(5 * BEAT * PATIENCE);
      expect(await delivered()).to.equal(0);
      const { state: beats } = await manager.streams.info('RXF_ALIVE', { subjects_filter: '>' });
      for (const subject of Object.keys(beats.subjects ?? {})) expect(subject).to.match(/^rxf\.alive\./);
      const last = await manager.streams.getMessage('RXF_ALIVE', { last_by_subj: aliveSubject(other) });
      expect(decodeBeat(last!.data)).to.include({ cell: cellOf(other), ended: false });
      expect(events.error).to.equal(undefined);
    } finally {
      events.stop();
      namespace.delete();
    }
  });

  it('has rows delivered as a reader at the requests for sockets of a host, which drops them', async () => {
    const owner = await deployment.connect(`agent-${other}`);
    const sockets: string[] = [];
    const served = new Recorded(
      serveRemote(owner, {
        host: other,
        transport: {
          open: ({ protocol }) => {
            sockets.push(String(protocol));
            throw new Error('no socket in this spec');
          },
          defer: (task) => queueMicrotask(task),
        },
      }),
    );
    try {
      await served.find(({ type }) => type === 'started');
      const replies: string[] = [];
      owner.subscribe(openSubject(other), { callback: (_, { reply = '' }) => void replies.push(reply) });
      await owner.flush();
      const request = { version: 1, id: 'abcdefghijkl', protocol: 0, datagramSize: 8192, window: 65_536, options: {}, groups: [] };
      await jetstream(agent).publish(state(bad), JSON.stringify(request), { timeout });
      const delivered = await deliver(openSubject(other));
      await until(() => replies.length > 0);
      expect(await delivered()).to.be.above(0);
      for (const reply of replies) expect(reply).to.match(/^\$JS\.ACK\./);
      expect([sockets, served.error, served.values.map(({ type }) => type)]).to.deep.equal([[], undefined, ['started']]);
      // The same request of an operator opens a socket.
      const operator = await deployment.connect('operator');
      const reply = socketSubject(other, deployment.publicKey('operator'), 'abcdefghijkl', 'welcome');
      const answer = await operator.request(openSubject(other), JSON.stringify(request), { timeout, noMux: true, reply });
      expect(sockets, answer.string()).to.deep.equal(['0']);
    } finally {
      served.stop();
    }
  });
});
