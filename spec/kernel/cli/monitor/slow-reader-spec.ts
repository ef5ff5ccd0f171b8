import { expect } from 'chai';
import { needsChildNode } from '../../../support/emulator.js';
import { useNamespace } from '../../../support/namespace.js';
import { PATIENCE } from '../../../support/patience.js';
import { rounds } from '../../../support/rounds.js';
import { CommandProcess } from '../command.js';

const LISTENING = '"type":"listening"';
const COUNT = rounds(10_000, 100_000);

/** Returns `ip` commands that add so many routes. */
const routes = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, index) => `route add 20.${String(index >> 16)}.${String((index >> 8) & 255)}.${String(index & 255)} dev v0`,
  );

describe('rxnetlink monitor with a slow reader', function () {
  this.timeout(60_000 * PATIENCE);
  const namespace = useNamespace();
  const ends: (() => unknown)[] = [];

  const start = async (command: CommandProcess): Promise<CommandProcess> => {
    ends.push(() => command.child.kill('SIGKILL'));
    await command.prints(LISTENING);
    return command;
  };

  before(() => {
    namespace().batch(['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up', 'address add 10.0.0.1/24 dev v0']);
  });

  afterEach(() => {
    for (const end of ends.splice(0)) end();
    namespace().run('sh', '-c', 'ip route flush dev v0 scope link proto boot');
  });

  it(`loses none of ${String(COUNT)} events without reporting it, and ends with 0 when the reader ends`, async function () {
    needsChildNode(this);
    const command = await start(new CommandProcess('monitor', '--json', '--netns', namespace().path, 'routes'));
    command.child.stdout!.pause();
    namespace().batch([...routes(COUNT), 'route add 10.77.0.0/16 dev v0']);
    command.child.stdout!.resume();
    await command.prints('route 10.77.0.0/16');
    const events = command.objects();
    expect(added(events) + lost(events) - 1).to.equal(COUNT);
    command.child.stdout!.destroy();
    namespace().ip('route delete 10.77.0.0/16');
    expect(await command.ended).to.deep.equal({ code: 0, signal: null });
    expect(command.stderr).to.equal('');
  });

  it('reports the number of events that the kernel dropped, reads the links again, and goes on', async function () {
    needsChildNode(this);
    const command = await start(new CommandProcess('monitor', '--json', '--netns', namespace().path, '--buffer', '64k', 'routes'));
    // A process that is stopped reads nothing; a reader that only waits may be fast enough when `ip` is slow.
    command.child.kill('SIGSTOP');
    namespace().batch(routes(COUNT));
    command.child.kill('SIGCONT');
    await command.prints('"type":"resynced"');
    namespace().ip('route add 10.78.0.0/16 dev v0');
    await command.prints('route 10.78.0.0/16');
    const events = command.objects();
    expect(lost(events)).to.be.greaterThan(0);
    expect(added(events) + lost(events) - 1).to.equal(COUNT);
    const [loss] = events.filter(({ type }) => type === 'lost');
    expect(loss!['text']).to.equal(
      `lost ${String(loss!['datagrams'])} datagrams of rtnetlink: the reader was too slow, and their changes are missing here; read faster, or raise --buffer`,
    );
    // lo, v0 and v1.
    expect(events.find(({ type }) => type === 'resynced')).to.include({ links: 3, text: 'read 3 links again' });
    expect(events.at(-1)).to.include({ type: 'change', topic: 'routes' });
  });
});

type Event = Readonly<Record<string, unknown>>;

function added(events: readonly Event[]): number {
  return events.filter(({ topic, operation }) => topic === 'routes' && operation === 'newroute').length;
}

function lost(events: readonly Event[]): number {
  return events.filter(({ type }) => type === 'lost').reduce((sum, { datagrams }) => sum + Number(datagrams), 0);
}
