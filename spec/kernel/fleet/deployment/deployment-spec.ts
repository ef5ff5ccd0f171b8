import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { PermissionViolationError, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { expect } from 'chai';
import { aliveSubject, openSubject, socketSubject, stateStream, stateSubject } from '../../../../lib/fleet/subjects.js';
import { PATIENCE } from '../../../support/patience.js';
import { Deployment } from './deployment.js';

const DOTTED = 'db.example.com';
/** The cell of each host, in the order of their first names for prepare.mjs. */
const HOSTS = ['web-1', 'web-2', DOTTED];
const state = (host: string): string => stateSubject({ cell: HOSTS.indexOf(host), host, family: 'rt-link', op: 'getlink', shard: 0 });
const timeout = 2000 * PATIENCE;
/** The id of a netlink socket. */
const ID = 'abcdefghijkl';

/** The stream of a cell, with the settings of `rxnetlink fleet streams` that permissions depend on. */
const stream = (cell: number) => ({
  name: stateStream(cell),
  subjects: [`rxf.state.${cell}.>`],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  allow_rollup_hdrs: true,
  allow_direct: true,
});

/** Returns what the server refuses of a publication: undefined if it accepts it. */
async function rejectionOf(connection: NatsConnection, publish: () => void): Promise<string | undefined> {
  let refused: string | undefined;
  const status = connection.status();
  void (async () => {
    for await (const event of status) {
      if (event.type === 'error' && event.error instanceof PermissionViolationError) refused = event.error.message;
    }
  })();
  publish();
  // The server answers in the order of what it receives.
  await connection.flush();
  await connection.flush();
  return refused;
}

const publishRefused = (connection: NatsConnection, subject: string): Promise<string | undefined> =>
  rejectionOf(connection, () => {
    connection.publish(subject, '{}');
  });

/** Subscribes, and returns what the server refuses. */
async function subscribeRefused(connection: NatsConnection, subject: string): Promise<string | undefined> {
  let unsubscribe = (): void => undefined;
  const refused = await rejectionOf(connection, () => {
    const subscription = connection.subscribe(subject, { callback: () => undefined });
    unsubscribe = () => {
      subscription.unsubscribe();
    };
  });
  unsubscribe();
  return refused;
}

describe('deployment of docs/fleet', function () {
  this.timeout(60_000 * PATIENCE);
  const deployment = new Deployment();
  let web: NatsConnection;
  let reader: NatsConnection;
  let operator: NatsConnection;

  before(async () => {
    await deployment.start(HOSTS, ['--operators', 'operator,other-operator']);
    const admin = await deployment.connect('admin');
    const manager = await jetstreamManager(admin);
    for (const cell of HOSTS.keys()) await manager.streams.add(stream(cell));
    [web, reader, operator] = (await Promise.all(['agent-web-1', 'reader', 'operator'].map((user) => deployment.connect(user)))) as [
      NatsConnection,
      NatsConnection,
      NatsConnection,
    ];
  });
  after(async () => {
    await deployment.delete();
  });

  it('keeps private keys from other users of the machine', () => {
    const keys = readdirSync(join(deployment.folder, 'keys'));
    expect(keys).to.have.members([
      'admin.nk',
      'agent-db_2eexample_2ecom.nk',
      'agent-web-1.nk',
      'agent-web-2.nk',
      'operator.nk',
      'other-operator.nk',
      'reader.nk',
    ]);
    for (const key of keys) expect(statSync(join(deployment.folder, 'keys', key)).mode & 0o777, key).to.equal(0o600);
    expect(statSync(join(deployment.folder, 'keys')).mode & 0o777).to.equal(0o700);
    const users = readFileSync(join(deployment.folder, 'users.conf'), 'utf8');
    for (const key of keys) expect(users).not.to.include(readFileSync(join(deployment.folder, 'keys', key), 'utf8').trim());
  });

  it('keeps the keys of the hosts that exist when a host is added', () => {
    const key = readFileSync(deployment.keyFile('agent-web-1'), 'utf8');
    deployment.prepare(['web-3', ...HOSTS], '--operators', 'operator,other-operator');
    expect(readFileSync(deployment.keyFile('agent-web-1'), 'utf8')).to.equal(key);
    expect(readFileSync(join(deployment.folder, 'users.conf'), 'utf8')).to.include('"rxf.state.3.web-3.>"');
    expect(readFileSync(deployment.environmentFile('web-3'), 'utf8')).to.equal('RXNETLINK_OPTIONS=--cell=3\n');
  });

  it('gives each host a cell of its own, also after others were removed, and refuses more hosts than cells', () => {
    const named = new Deployment();
    const cells = (): unknown => JSON.parse(readFileSync(join(named.folder, 'cells.json'), 'utf8'));
    try {
      named.prepare(['a', 'b']);
      named.prepare(['c', 'b']);
      expect(cells()).to.deep.equal({ a: 0, b: 1, c: 2 });
      const many = Array.from({ length: 1025 }, (_, index) => `h${index}`);
      expect(() => {
        named.prepare(many);
      }).to.throw(Error, /1025 hosts of --hosts and 3 removed ones .* need a cell each; the limit is 1024.*--cells 64/s);
      expect(cells()).to.deep.equal({ a: 0, b: 1, c: 2 });
      // The hosts fit without the removed ones.
      const fitting = many.slice(0, 1023);
      expect(() => {
        named.prepare(fitting);
      }).to.throw(Error, /1023 hosts of --hosts and 3 removed ones .*rxnetlink fleet forget.*cells\.json/s);
      writeFileSync(join(named.folder, 'cells.json'), '{"b": 1, "c": 2, "last": 1023}');
      named.prepare(['d', 'b', 'last', 'e']);
      expect(cells()).to.deep.equal({ b: 1, c: 2, last: 1023, d: 0, e: 3 });
      named.prepare(many.slice(0, 40), '--cells=4');
      const users = readFileSync(join(named.folder, 'users.conf'), 'utf8');
      expect(new Set([...users.matchAll(/rxf\.state\.(\d+)\./g)].map(([, cell]) => cell))).to.deep.equal(new Set(['0', '1', '2', '3']));
    } finally {
      void named.delete();
    }
  });

  it('gives a host its own cell whose name is that of a property of each object', () => {
    const named = new Deployment();
    try {
      named.prepare(['constructor', '__proto__', 'a']);
      for (const [cell, host] of ['constructor', '_5f_5fproto_5f_5f', 'a'].entries())
        expect(readFileSync(named.environmentFile(host), 'utf8')).to.equal(`RXNETLINK_OPTIONS=--cell=${cell}\n`);
      named.prepare(['a', '__proto__']);
      expect(readFileSync(named.environmentFile('_5f_5fproto_5f_5f'), 'utf8')).to.equal('RXNETLINK_OPTIONS=--cell=1\n');
    } finally {
      void named.delete();
    }
  });

  it('refuses names that an agent or the server does not accept, and writes nothing', () => {
    const named = new Deployment();
    try {
      for (const [hosts, options, error] of [
        [['a', '', 'b'], [], /--hosts a,,b: a name is empty/],
        [['a', 'web-*'], [], /host 'web-\*' contains '\*'/],
        [['a b'], [], /host 'a b' contains ' '/],
        [['x'.repeat(65)], [], /host 'x{65}' has 65 characters in a subject; the limit is 64/],
        [['.'.repeat(22)], [], /has 66 characters in a subject/],
        [['a', 'a'], [], /two users have the name agent-a/],
        [['a'], ['--readers=admin'], /two users have the name admin/],
        [['a'], ['--readers=x', '--operators=x'], /two users have the name x/],
        [['a'], ['--operators=agent-a'], /two users have the name agent-a/],
        [['a'], ['--readers=../x'], /user '\.\.\/x'.*letters/],
      ] as const) {
        expect(() => named.prepare(hosts, ...options), error.source).to.throw(Error, error);
        expect(readdirSync(named.folder), error.source).to.deep.equal([]);
      }
      named.prepare(['x'.repeat(64)], '--readers=');
      expect(readdirSync(join(named.folder, 'keys'))).to.have.members(['admin.nk', `agent-${'x'.repeat(64)}.nk`, 'operator.nk']);
    } finally {
      void named.delete();
    }
  });

  it('refuses a connection without a key, and a client that does not know the certificate', async () => {
    const failure = (options: object): Promise<unknown> =>
      connect({ servers: deployment.url, reconnect: false, ...options }).then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(await failure({ tls: { caFile: deployment.caFile } })).to.match(/Authorization Violation/i);
    expect(await failure({})).to.match(/certificate/i);
  });

  describe('an agent', () => {
    it('writes the state and the beats of its host', async () => {
      const { stream, seq } = await jetstream(web).publish(state('web-1'), '{}', { timeout });
      expect([stream, seq]).to.deep.equal(['RXF_STATE_0', 1]);
      expect(await publishRefused(web, aliveSubject('web-1'))).to.equal(undefined);
      expect(await publishRefused(web, socketSubject('web-1', 'any', ID, 'rx'))).to.equal(undefined);
      expect(await subscribeRefused(web, openSubject('web-1'))).to.equal(undefined);
      expect(await subscribeRefused(web, socketSubject('web-1', '*', '*', 'tx'))).to.equal(undefined);
    });

    it('writes the state of a host whose name is encoded in subjects', async () => {
      const dotted = await deployment.connect('agent-db_2eexample_2ecom');
      expect(await publishRefused(dotted, state(DOTTED))).to.equal(undefined);
    });

    it('does not write the state, the beats and the sockets of another host', async () => {
      for (const subject of [state('web-2'), aliveSubject('web-2'), socketSubject('web-2', 'any', ID, 'rx'), openSubject('web-2')])
        expect(await publishRefused(web, subject), subject).to.match(/Permissions Violation for Publish to/i);
      const manager = await jetstreamManager(reader);
      expect(await manager.direct.getMessage(stateStream(1), { last_by_subj: state('web-2') }).catch(() => null)).to.equal(null);
    });

    it('does not receive the state, the beats, the requests and the replies of others', async () => {
      const inbox = `${deployment.inbox('reader')}.>`;
      for (const subject of [
        state('web-2'),
        state('web-1'),
        'rxf.state.>',
        aliveSubject('web-2'),
        aliveSubject('web-1'),
        openSubject('web-2'),
        inbox,
        '_INBOX.>',
      ])
        expect(await subscribeRefused(web, subject), subject).to.match(/Permissions Violation for Subscription to/i);
    });

    it('reads its own last message, and not that of another host', async () => {
      const { direct } = await jetstreamManager(web);
      expect((await direct.getMessage(stateStream(0), { last_by_subj: state('web-1') }))?.subject).to.equal(state('web-1'));
      const refused = await direct.getMessage(stateStream(1), { last_by_subj: state('web-2') }).catch((error: unknown) => error);
      expect(refused).to.match(/permissions violation/i);
    });

    it('does not change, read or delete a stream', async () => {
      expect(await publishRefused(web, `$JS.API.STREAM.INFO.${stateStream(1)}`)).to.match(/Permissions Violation/i);
      for (const call of ['STREAM.UPDATE', 'STREAM.DELETE', 'STREAM.PURGE', 'STREAM.MSG.GET', 'STREAM.MSG.DELETE', 'CONSUMER.CREATE'])
        expect(await publishRefused(web, `$JS.API.${call}.${stateStream(0)}`), call).to.match(/Permissions Violation/i);
    });
  });

  describe('a reader', () => {
    it('reads the state of all hosts', async () => {
      const inbox = `${deployment.inbox('reader')}.state`;
      const received = new Promise<string>((resolve) => {
        reader.subscribe(inbox, { callback: (_, { subject }) => resolve(subject) });
      });
      const { consumers } = await jetstreamManager(reader);
      await consumers.add(stateStream(0), { deliver_subject: inbox, ack_policy: AckPolicy.None, filter_subject: 'rxf.state.0.>' });
      expect(await received).to.equal(state('web-1'));
    });

    it('does not write state or beats, and opens no netlink socket', async () => {
      for (const subject of [state('web-1'), aliveSubject('web-1'), openSubject('web-1'), socketSubject('web-1', 'any', ID, 'tx')])
        expect(await publishRefused(reader, subject), subject).to.match(/Permissions Violation for Publish to/i);
      for (const call of ['STREAM.CREATE', 'STREAM.DELETE', 'STREAM.PURGE'])
        expect(await publishRefused(reader, `$JS.API.${call}.${stateStream(0)}`), call).to.match(/Permissions Violation/i);
    });
  });

  describe('an operator', () => {
    it('opens netlink sockets, and does not write state', async () => {
      expect(await publishRefused(operator, openSubject('web-1'))).to.equal(undefined);
      const client = deployment.publicKey('operator');
      expect(await publishRefused(operator, socketSubject('web-1', client, ID, 'tx'))).to.equal(undefined);
      expect(await subscribeRefused(operator, socketSubject('web-1', client, ID, 'rx'))).to.equal(undefined);
      expect(await publishRefused(operator, state('web-1'))).to.match(/Permissions Violation/i);
    });

    it('receives the answer of the agent', async () => {
      const answer = socketSubject('web-1', deployment.publicKey('operator'), ID, 'welcome');
      web.subscribe(openSubject('web-1'), { queue: 'rxf', callback: (_, message) => void message.respond('welcome') });
      await web.flush();
      expect((await operator.request(openSubject('web-1'), '', { timeout, noMux: true, reply: answer })).string()).to.equal('welcome');
      expect(await publishRefused(web, deployment.inbox('operator'))).to.match(/Permissions Violation/i);
    });

    it('does not receive the replies to another operator, and does not write into its sockets', async () => {
      const other = deployment.publicKey('other-operator');
      for (const direction of ['welcome', 'rx'] as const) {
        for (const client of [other, '*', 'any'])
          expect(await subscribeRefused(operator, socketSubject('*', client, '*', direction)), client).to.match(/Permissions Violation/i);
        expect(await subscribeRefused(operator, `rxf.nl.web-1.${other}.>`)).to.match(/Permissions Violation/i);
      }
      expect(await subscribeRefused(operator, 'rxf.nl.>')).to.match(/Permissions Violation/i);
      expect(await publishRefused(operator, socketSubject('web-1', other, ID, 'tx'))).to.match(/Permissions Violation/i);
    });
  });

  it('an agent may not publish at the reply subject of a message to itself', async () => {
    for (const subject of [state('web-2'), `$JS.API.STREAM.PURGE.${stateStream(0)}`, socketSubject('web-2', 'any', ID, 'tx')]) {
      web.publish(aliveSubject('web-1'), '', { reply: subject });
      expect(await publishRefused(web, subject), subject).to.match(/Permissions Violation/i);
    }
  });
});
