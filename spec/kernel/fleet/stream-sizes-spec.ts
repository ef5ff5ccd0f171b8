import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { expect } from 'chai';
import { runCli } from '../../cli/run-cli.js';
import { FleetKit } from './fleet-kit.js';

const MIB = 1024 * 1024;

describe('sizes of the streams of `rxnetlink fleet streams`', function () {
  this.timeout(60_000);
  let kit: FleetKit | undefined;
  afterEach(() => kit?.delete());

  it('shrink when cells are added, unless an operator chose them or the rows need the space', async () => {
    kit = await FleetKit.create();
    const { server } = kit;
    const connection = await kit.connect();
    const { streams } = await jetstreamManager(connection);
    const make = async (cells: number): Promise<readonly number[]> => {
      const { code, err } = await runCli('fleet', 'streams', '--server', server.url, '--cells', String(cells));
      expect(code, err).to.equal(0);
      const sizes = Array.from({ length: cells }, async (_, cell) => (await streams.info(`RXF_STATE_${cell}`)).config.max_bytes);
      return Promise.all(sizes);
    };
    expect(await make(3)).to.deep.equal([512 * MIB, 512 * MIB, 512 * MIB]);
    await streams.update('RXF_STATE_1', { max_bytes: 300 * MIB + 1 });
    // More than half of the next size.
    const row = new Uint8Array(MIB - 100);
    for (let count = 0; count < 130; count++) await jetstream(connection).publish('rxf.state.2.a.b.c.0', row);
    expect((await make(16)).slice(0, 4)).to.deep.equal([256 * MIB, 300 * MIB + 1, 512 * MIB, 256 * MIB]);
    expect((await make(3)).slice(0, 1)).to.deep.equal([256 * MIB]);
    expect((await streams.info('RXF_STATE_0')).config).to.include({ discard: 'new', allow_rollup_hdrs: true });
  });
});
