import { AckPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { aliveSubject, cellOf, openSubject, socketSubject, stateStream, stateSubject } from '../../../../lib/fleet/subjects.js';
import { runCli } from '../../../cli/run-cli.js';
import { PATIENCE } from '../../../support/patience.js';
import { pause } from '../../../support/sockets.js';
import { Deployment } from './deployment.js';
import { until } from '../fleet-kit.js';

const CELLS = 4;
const HOSTS = Array.from({ length: 12 }, (_, index) => `web-${index}`);
const state = (host: string, cell = cellOf(host, CELLS)): string =>
  stateSubject({ cell, host, family: 'rt-link', op: 'getlink', shard: 0 });
const timeout = 2000 * PATIENCE;

/** The security section of docs/fleet.md names what these users can do and cannot do, in a deployment with several cells. */
describe('a user of the deployment that was taken over', function () {
  this.timeout(60_000 * PATIENCE);
  const deployment = new Deployment();
  const [bad = ''] = HOSTS;
  const neighbour = HOSTS.find((host) => host !== bad && cellOf(host, CELLS) === cellOf(bad, CELLS))!;
  const distant = HOSTS.find((host) => cellOf(host, CELLS) !== cellOf(bad, CELLS))!;
  let manager: JetStreamManager;
  let agent: NatsConnection;
  let reader: NatsConnection;

  before(async () => {
    await deployment.start(HOSTS, [`--cells=${CELLS}`]);
    const admin = ['--nkey', deployment.keyFile('admin'), '--tls-ca', deployment.caFile];
    const server = `tls://localhost:${deployment.server.port}`;
    const made = await runCli('fleet', 'streams', '--server', server, ...admin, `--cells=${CELLS}`);
    expect(made.code, made.err).to.equal(0);
    manager = await jetstreamManager(await deployment.connect('admin'));
    agent = await deployment.connect(`agent-${bad}`);
    reader = await deployment.connect('reader');
  });
  beforeEach(async () => {
    for (const host of [bad, neighbour, distant]) await publish(await deployment.connect(`agent-${host}`), host);
  });
  after(() => deployment.delete());

  async function publish(connection: NatsConnection, host: string, rollup?: string, cell?: number): Promise<void> {
    const sent = headers();
    if (rollup !== undefined) sent.set('Nats-Rollup', rollup);
    await jetstream(connection).publish(state(host, cell), '{"v":1,"prev":0,"of":1,"set":[],"del":[]}', { headers: sent, timeout });
  }

  async function isStored(host: string): Promise<boolean> {
    const stored = await manager.streams.getMessage(stateStream(cellOf(host, CELLS)), { last_by_subj: state(host) });
    return stored !== null;
  }

  it('deletes rows of its own cell as an agent, and none of another cell', async () => {
    await publish(agent, bad, 'all');
    expect(await isStored(neighbour)).to.equal(false);
    expect(await isStored(distant)).to.equal(true);
    const denied = await publish(agent, bad, 'all', cellOf(distant, CELLS)).catch((error: unknown) => error);
    expect(denied).to.match(/permissions violation/i);
    expect(await isStored(distant)).to.equal(true);
  });

  /** Makes a consumer of the reader that delivers the rows of a host at any subject. Returns a function that reads how many messages it has delivered. */
  async function deliver(subject: string): Promise<() => Promise<number>> {
    const { consumers } = await jetstreamManager(reader);
    const { name } = await consumers.add(stateStream(cellOf(bad, CELLS)), {
      deliver_subject: subject,
      ack_policy: AckPolicy.None,
      filter_subject: state(bad),
    });
    return async () => (await consumers.info(stateStream(cellOf(bad, CELLS)), name)).delivered.consumer_seq;
  }

  it('does not write rows or sockets as a reader that has rows delivered there', async () => {
    const { consumers } = await jetstreamManager(reader);
    const cycle = consumers.add(stateStream(cellOf(bad, CELLS)), { deliver_subject: state(neighbour), ack_policy: AckPolicy.None });
    expect(await cycle.catch((error: unknown) => error)).to.match(/forms a cycle/);
    const served = await deployment.connect(`agent-${bad}`);
    const frames: Msg[] = [];
    served.subscribe(socketSubject(bad, '*', '*', 'tx'), { callback: (_, message) => void frames.push(message) });
    await served.flush();
    const before = await manager.streams.info(stateStream(cellOf(distant, CELLS)));
    for (const subject of [
      state(distant),
      `$JS.API.STREAM.PURGE.${stateStream(cellOf(distant, CELLS))}`,
      socketSubject(bad, 'any', 'abcdefghijkl', 'tx'),
    ]) {
      const delivered = await deliver(subject);
      await pause(300 * PATIENCE);
      expect(await delivered(), subject).to.equal(0);
    }
    const { state: after } = await manager.streams.info(stateStream(cellOf(distant, CELLS)));
    expect([after.messages, after.last_seq]).to.deep.equal([before.state.messages, before.state.last_seq]);
    expect(frames).to.deep.equal([]);
  });

  it('has rows delivered as a reader at a subject that its owner has subscribed to', async () => {
    const other = await deployment.connect(`agent-${distant}`);
    const subjects = [aliveSubject(distant), openSubject(distant)];
    const received = subjects.map((subject) => {
      const messages: Msg[] = [];
      other.subscribe(subject, { callback: (_, message) => void messages.push(message) });
      return messages;
    });
    await other.flush();
    const delivered = await Promise.all(subjects.map(deliver));
    await until(() => received.every((messages) => messages.length > 0));
    for (const count of delivered) expect(await count()).to.be.above(0);
    expect(new Set(received.flat().map(({ subject }) => subject))).to.deep.equal(new Set([state(bad)]));
  });
});
