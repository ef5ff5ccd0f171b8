import { jetstreamManager } from '@nats-io/jetstream';
import { expect } from 'chai';
import { FleetError, agent, fleet } from '../../../lib/fleet/index.js';
import { checkServerVersion } from '../../../lib/fleet/server/check-server.js';
import { FleetKit } from './fleet-kit.js';

describe('an agent that cannot start', function () {
  this.timeout(60_000);
  let kit: FleetKit | undefined;
  afterEach(() => kit?.delete());

  it('fails on a server without JetStream', async () => {
    kit = await FleetKit.create({ jetstream: false });
    const error = await kit.agent(await kit.connect(), { host: 'a' }).fails();
    expect(error).to.be.instanceOf(FleetError).and.include({ reason: 'server' });
    expect(error.message).to.contain('enable jetstream');
  });

  it('fails on a stream with other settings, before it publishes', async () => {
    kit = await FleetKit.create();
    const connection = await kit.connect();
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'RXF_STATE_0', subjects: ['rxf.state.0.>'], allow_rollup_hdrs: true, discard: 'new', max_msgs: 10 });
    const error = await kit.agent(connection, { host: 'a' }).fails();
    expect(error).to.be.instanceOf(FleetError).and.include({ reason: 'stream' });
    expect(error.message).to.contain('stream RXF_STATE_0 has max_msgs 10; expected -1');
    const read = await kit.record(fleet(connection).watch('rt-link', 'getlink')).fails();
    expect(read.message).to.equal(error.message);
    expect((await manager.streams.info('RXF_STATE_0')).state.messages).to.equal(0);
  });

  it('fails on a server that is older than 2.10', () => {
    expect(() => checkServerVersion('2.9.25')).to.throw(FleetError, 'nats-server 2.9.25; expected 2.10 or later');
    for (const version of ['2.10.0', '2.14.1', '3.0.0', undefined, 'unknown']) checkServerVersion(version);
  });

  const wrong: readonly (readonly [options: object, error: string])[] = [
    [{}, 'agent: host'],
    [{ host: 'x'.repeat(65) }, 'the limit is 64'],
    [{ host: '*' }, 'contains "*"; expected a name without \'*\''],
    [{ host: 'a>' }, 'contains ">"'],
    [{ host: 'a b' }, 'contains " "'],
    [{ host: 'a\nb' }, 'contains "\\n"'],
    [{ host: 'a', tables: ['link'] }, 'did you mean links?'],
    [{ host: 'a', tables: ['rt-lnk/getlink'] }, 'did you mean rt-link?'],
    [{ host: 'a', tables: [] }, 'tables is empty'],
    [{ host: 'a', tables: ['links', 'rt-link/getlink'] }, 'listed twice'],
    [{ host: 'a', tables: 'links' }, 'tables must be a list'],
    [{ host: 'a', beat: 0 }, 'beat'],
    [{ host: 'a', shards: 0 }, 'shards'],
    [{ host: 'a', lingers: 1 }, "unknown option 'lingers'"],
    [{ host: 'a', namespace: 'blue' }, '; did you mean netns?'],
  ];
  for (const [options, error] of wrong) {
    it(`throws for the options ${JSON.stringify(options).slice(0, 60)}`, () => {
      expect(() => agent({} as never, options as never)).to.throw(Error, error);
    });
  }

  it('fails for a table that cannot be watched', async () => {
    kit = await FleetKit.create();
    const error = await kit.agent(await kit.connect(), { host: 'a', tables: ['rt-link/getstats'] }).fails();
    expect(error.message).to.contain("agent: table 'rt-link/getstats'").and.to.contain('cannot be watched');
  });
});
