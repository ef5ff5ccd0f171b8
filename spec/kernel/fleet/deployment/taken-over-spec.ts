import { AckPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { aliveSubject, openSubject, socketSubject, stateStream, stateSubject } from '../../../../lib/fleet/subjects.js';
import { runCli } from '../../../cli/run-cli.js';
import { PATIENCE } from '../../../support/patience.js';
import { pause } from '../../../support/sockets.js';
import { Deployment } from './deployment.js';
import { until } from '../fleet-kit.js';

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

  it('has rows delivered as a reader at a subject that its owner has subscribed to', async () => {
    const owner = await deployment.connect(`agent-${other}`);
    const subjects = [aliveSubject(other), openSubject(other)];
    const received = subjects.map((subject) => {
      const messages: Msg[] = [];
      owner.subscribe(subject, { callback: (_, message) => void messages.push(message) });
      return messages;
    });
    await owner.flush();
    const delivered = await Promise.all(subjects.map(deliver));
    await until(() => received.every((messages) => messages.length > 0));
    for (const count of delivered) expect(await count()).to.be.above(0);
    expect(new Set(received.flat().map(({ subject }) => subject))).to.deep.equal(new Set([state(bad)]));
  });
});
