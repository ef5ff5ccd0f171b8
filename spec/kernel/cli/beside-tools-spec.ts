import { expect } from 'chai';
import { linesOf } from '../../cli/run-cli.js';
import { useNamespace } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';
import { CommandHere, until } from './command.js';
import { startTool } from './monitor/event-tool.js';

type Row = Readonly<Record<string, unknown>>;

/** Returns the lines of a table, split at two blanks, without the titles. */
const cells = (lines: readonly string[]): string[][] => lines.slice(1).map((line) => line.trim().split(/ {2,}/));

describe('commands beside the tools that show the same', () => {
  const namespace = useNamespace();
  const list = async (...argv: readonly string[]): Promise<readonly Row[]> => {
    const [line] = await linesOf(...argv, '--netns', namespace().path, '--json');
    return JSON.parse(line!) as readonly Row[];
  };

  before(() => {
    namespace().batch(['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up', 'addr add 10.0.0.1/24 dev v0']);
  });

  it('connections: those of conntrack -L', async () => {
    requirePrograms('conntrack');
    const insert = (protocol: readonly string[], source: string, destination: string, mark: string) =>
      namespace().run(
        'conntrack',
        ...['-I', '-p', ...protocol, '-s', source, '-d', destination, '--sport', '1', '--dport', '53', '--timeout', '600', '--mark', mark],
      );
    insert(['udp'], '9.9.9.9', '8.8.8.8', '4');
    insert(['tcp', '--state', 'ESTABLISHED'], '9.9.9.10', '8.8.8.8', '0');
    insert(['tcp', '--state', 'SYN_SENT'], '2001:db8::9', '2001:db8::8', '5');
    const shown = ['ipv4', 'ipv6'].flatMap((family) =>
      namespace()
        .run('conntrack', '-L', '-f', family)
        .split('\n')
        .filter((line) => line.includes('src='))
        .map((line) => {
          const [protocol, number, , state] = line.trim().split(/\s+/);
          const [from, to] = [...line.matchAll(/src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/g)];
          const end = (address: string, port: string): string => `${address.includes(':') ? `[${address}]` : address}:${port}`;
          const mark = /mark=(\d+)/.exec(line)![1]!;
          return {
            protocol: `${protocol!} ${number!}`,
            state: state!.includes('=') ? 'unanswered' : state!.toLowerCase().replace('_', '-'),
            ends: [from, to].flatMap((match) => [end(match![1]!, match![3]!), end(match![2]!, match![4]!)]),
            mark: mark === '0' ? '-' : mark,
          };
        }),
    );
    const table = cells(await linesOf('connections', '--netns', namespace().path));
    const numbers: Readonly<Record<string, string>> = { tcp: 'tcp 6', udp: 'udp 17' };
    expect(
      table.map(([protocol, state, from, to, answersFrom, answersTo, mark]) => ({
        protocol: numbers[protocol!],
        state,
        ends: [from, to, answersFrom, answersTo],
        mark,
      })),
    ).to.have.deep.members(shown);
    expect(shown).to.have.length(3);
    expect(await list('connections', '5')).to.have.length(1);
    expect(namespace().run('conntrack', '-L', '-f', 'ipv6', '-m', '5').match(/src=/g)).to.have.length(2);
  });

  it('qdiscs: those of tc -s qdisc, with their counters', async () => {
    requirePrograms('tc');
    const tc = (object: string, line: string) => namespace().run('tc', object, 'add', 'dev', 'v0', ...line.split(' '));
    tc('qdisc', 'root handle 1: htb default 10');
    tc('class', 'parent 1: classid 1:10 htb rate 100mbit');
    tc('qdisc', 'parent 1:10 handle 20: pfifo');
    tc('qdisc', 'ingress');
    namespace().run('bash', '-c', 'for i in {1..9}; do echo > /dev/udp/10.0.0.9/9; done');
    const shown = async (): Promise<readonly Row[]> =>
      (JSON.parse(namespace().run('tc', '-j', '-s', 'qdisc')) as readonly Row[]).map(
        ({ dev, kind, handle, parent, root, ...counters }) => ({
          dev,
          kind,
          // tc prints the handle of a qdisc that has none.
          handle: handle === '0:' ? undefined : handle,
          parent: root === true ? 'root' : parent === 'ffff:fff1' ? 'clsact' : parent,
          counters: ['bytes', 'packets', 'drops', 'backlog', 'qlen'].map((name) => counters[name]),
        }),
      );
    const listed = async (): Promise<readonly Row[]> =>
      (await list('qdiscs')).map(({ link, kind, handle, parent, statistics }) => {
        const counted = statistics as Row;
        return {
          dev: link,
          kind,
          handle,
          parent,
          counters: ['bytes', 'packets', 'drops', 'backlog', 'queueLength'].map((name) => counted[name]),
        };
      });
    // ARP asks for the address three times: packets between two readings.
    let expected = await shown();
    let actual = await listed();
    for (let tries = 0; tries < 20 && JSON.stringify(expected) !== JSON.stringify(actual); tries++)
      [expected, actual] = [await shown(), await listed()];
    expect(actual).to.deep.equal(expected);
    expect(actual).to.have.length(5);
    const packets = actual.filter(({ dev }) => dev === 'v0').map(({ counters }) => (counters as readonly number[])[1]!);
    expect(packets.some((count) => count > 0)).to.equal(true);
  });

  it('families: the generic ones of genl ctrl list, with the number of their operations', async () => {
    requirePrograms('genl');
    const shown = namespace()
      .run('genl', 'ctrl', 'list')
      .split(/^Name: /m)
      .slice(1);
    const expected = shown.map((text) => ({
      name: text.split('\n')[0]!.trim(),
      operations: (text.split('multicast groups')[0]!.match(/^\t\t#\d+:/gm) ?? []).length,
    }));
    const [line] = await linesOf('families', '--json', '--netns', namespace().path);
    const families = JSON.parse(line!) as readonly (Row & { readonly loaded?: boolean; readonly typed: boolean })[];
    const loaded = families.filter((family) => family.loaded === true);
    expect(loaded.map(({ kernelName }) => kernelName)).to.have.members(expected.map(({ name }) => name));
    // A family with types has the number of operations of its description.
    const untyped = loaded.filter(({ typed }) => !typed).map(({ kernelName, operations }) => ({ name: kernelName, operations }));
    for (const family of untyped) expect(expected).to.deep.include(family);
  });

  it('listen: the notifications of ip monitor', async () => {
    const command = new CommandHere('listen', 'rt-link', '--json', '--netns', namespace().path);
    const tool = await startTool(namespace(), 'ip', '-o', 'monitor', 'link');
    try {
      await until(() => {
        namespace().ip('link set v1 alias one');
        return command.stdout !== '';
      }, 'listen printed no notification');
      const [before, shownBefore] = [command.objects().length, tool.lines.length];
      namespace().batch(['link add d0 type veth peer name d1', 'link set d0 mtu 1400', 'link set d0 name d2', 'link delete d2']);
      const gone = (text: string): boolean => /Deleted \d+: d[12]/.test(text);
      await until(() => tool.lines.filter(gone).length === 2, 'ip monitor did not print the last change');
      await until(
        () => command.objects().filter(({ op }) => op === 'dellink-ntf' || op === 'dellink').length === 2,
        'listen misses the last change',
      );
      const expected = tool.lines.slice(shownBefore).map((line) => {
        const [, deleted, index, name, mtu] = /^(Deleted )?(\d+): ([^:@]+).* mtu (\d+)/.exec(line)!;
        return { verb: deleted === undefined ? 'new' : 'del', index: Number(index), name, mtu: Number(mtu) };
      });
      const printed = command
        .objects()
        .slice(before)
        .map(({ op, value }) => {
          const { ifiIndex: index, ifname: name, mtu } = value as Row;
          return { verb: String(op).slice(0, 3), index, name, mtu };
        });
      expect(printed.slice(-expected.length)).to.deep.equal(expected.slice(-printed.length));
      expect(expected).to.have.length.of.at.least(6);
    } finally {
      tool.end();
      await command.end();
    }
  });
});
