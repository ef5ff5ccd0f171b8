import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { defer, lastValueFrom, using } from 'rxjs';
import { listAll } from '../../../lib/cli/listings/all-namespaces.js';
import { Output } from '../../../lib/cli/output/output.js';
import { network, type Network } from '../../../lib/network/index.js';
import { linesOf, runCli } from '../../cli/run-cli.js';
import { createNamespace, run, type Namespace } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';

type Row = Readonly<Record<string, unknown>>;

/** The objects that `ip -j` or another program prints. */
const shown = (namespace: Namespace, program: string, ...args: readonly string[]): readonly Row[] =>
  JSON.parse(namespace.run(program, ...args)) as readonly Row[];

describe('the listings of the command', () => {
  let namespace: Namespace;
  const list = async (...argv: readonly string[]): Promise<readonly Row[]> => {
    const [line] = await linesOf(...argv, '--netns', namespace.path, '--json');
    return JSON.parse(line!) as readonly Row[];
  };

  before(() => {
    namespace = createNamespace();
    namespace.batch([
      'link add br0 type bridge',
      'link add v0 type veth peer name <b>',
      'link set v0 master br0',
      'link set br0 up',
      'link set v0 up',
      'addr add 10.0.0.1/24 dev br0',
      'addr add 2001:db8::1/64 dev br0',
      'route add 192.0.2.0/24 via 10.0.0.9 table 77 metric 5',
      'rule add from 10.0.0.0/8 fwmark 7 table 77 priority 900',
      'neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev br0',
    ]);
  });
  after(() => {
    namespace.delete();
  });

  it('have the links of ip, each with its addresses', async () => {
    const expected = shown(namespace, 'ip', '-j', 'addr').map(({ ifname, mtu, address, addr_info: addresses }) => ({
      name: ifname,
      mtu,
      mac: address === '00:00:00:00:00:00' ? undefined : address,
      addresses: (addresses as readonly Row[]).map(({ local, prefixlen }) => `${String(local)}/${String(prefixlen)}`),
    }));
    const listed = (await list('links')).map(({ name, mtu, mac, addresses }) => ({
      name,
      mtu,
      mac,
      addresses: (addresses as readonly Row[]).map(({ address }) => address),
    }));
    expect(listed).to.deep.equal(expected);
  });

  it('have the addresses, routes, rules and neighbours of ip', async () => {
    const addresses = shown(namespace, 'ip', '-j', 'addr').flatMap(({ addr_info: rows }) => rows as readonly Row[]);
    expect((await list('addresses')).map(({ address }) => address)).to.have.members(
      addresses.map(({ local, prefixlen }) => `${String(local)}/${String(prefixlen)}`),
    );
    expect(await list('routes', 'table=77')).to.have.length(1);
    expect(shown(namespace, 'ip', '-j', 'route', 'show', 'table', '77')).to.containSubset([{ dst: '192.0.2.0/24', gateway: '10.0.0.9' }]);
    const rules = [...shown(namespace, 'ip', '-j', 'rule'), ...shown(namespace, 'ip', '-j', '-6', 'rule')];
    expect((await list('rules')).map(({ priority }) => priority)).to.deep.equal(rules.map(({ priority }) => priority));
    expect((await list('neighbours', 'br0', 'state=permanent')).map(({ address, mac }) => ({ dst: address, lladdr: mac }))).to.deep.equal(
      shown(namespace, 'ip', '-j', 'neigh', 'show', 'dev', 'br0', 'nud', 'permanent').map(({ dst, lladdr }) => ({ dst, lladdr })),
    );
  });

  it('have the forwarding entries of bridge', async () => {
    requirePrograms('bridge');
    const expected = shown(namespace, 'bridge', '-j', 'fdb', 'show', 'dev', 'v0').map(({ mac }) => mac);
    expect((await list('fdb', 'v0')).map(({ mac }) => mac)).to.have.members(expected);
  });

  it('print a table: a name in angle brackets stays a name', async () => {
    const lines = await linesOf('links', '--netns', namespace.path);
    expect(lines[0]).to.match(/^NAME +KIND +BUS +STATE +MTU +MASTER +MAC +ADDRESSES$/);
    expect(lines.find((line) => line.startsWith('br0'))).to.match(
      /^br0 +bridge +- +\S+ +1500 +- +[\da-f:]{17} +10\.0\.0\.1\/24 2001:db8::1\/64$/,
    );
    expect(lines.find((line) => line.startsWith('<b>'))).to.match(/^<b> +veth +- +disabled +1500 /);
  });

  it('print one line for the object that a word names, and only titles if no object has the properties', async () => {
    expect(await linesOf('links', 'v0', '--netns', namespace.path)).to.have.length(2);
    expect(await linesOf('links', 'kind=vxlan', '--netns', namespace.path)).to.have.length(1);
  });

  for (const table of ['links', 'addresses', 'neighbours', 'fdb', 'qdiscs']) {
    it(`exit with 1 if there is no such link: ${table}`, async () => {
      const { code, out, err } = await runCli(table, 'v9', '--netns', namespace.path);
      expect({ code, out }).to.deep.equal({ code: 1, out: '' });
      expect(err).to.match(/^rxnetlink: cannot .*v9.*; did you mean v0\?\n$/);
    });
  }

  it('exit with 1 if there is no such link, also if other properties are given', async () => {
    const alone = await runCli('links', 'v9', '--netns', namespace.path);
    for (const words of [
      ['v9', 'state=up'],
      ['state=up', 'v9'],
      ['kind=veth', 'name=v9', 'up=true'],
    ])
      expect(await runCli('links', ...words, '--netns', namespace.path), words.join(' ')).to.deep.equal(alone);
  });

  it('print only titles for a link that exists without the other properties', async () => {
    const { code, out, err } = await runCli('links', 'v0', 'kind=vxlan', '--netns', namespace.path);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.match(/^NAME [^\n]*\n$/);
  });

  it('exit with 1 if there is no such bridge, also if other properties are given: fdb', async () => {
    for (const words of [['bridge=br9'], ['state=permanent', 'bridge=br9'], ['v0', 'bridge=br9']]) {
      const { code, out, err } = await runCli('fdb', ...words, '--netns', namespace.path);
      expect({ code, out }, words.join(' ')).to.deep.equal({ code: 1, out: '' });
      expect(err, words.join(' ')).to.equal("rxnetlink: cannot list fdb: bridge: no link is named 'br9'; did you mean br0?\n");
    }
  });

  it('have the forwarding entries of a bridge by its name and by an alternative name, as bridge has', async () => {
    requirePrograms('bridge');
    namespace.ip('link property add dev br0 altname bridge-zero');
    const expected = shown(namespace, 'bridge', '-j', 'fdb', 'show', 'br', 'br0').filter(({ master }) => master === 'br0');
    expect(expected).to.not.be.empty;
    for (const name of ['br0', 'bridge-zero']) {
      const found = await list('fdb', `bridge=${name}`);
      expect(found.map(({ mac, link }) => `${String(mac)} ${String(link)}`).sort(), name).to.deep.equal(
        expected.map(({ mac, ifname }) => `${String(mac)} ${String(ifname)}`).sort(),
      );
    }
  });

  it('print what few routes have, and marks as ip does', async () => {
    namespace.batch([
      'link add w0 type veth peer name w1',
      'link set w0 up',
      'link set w1 up',
      'addr add 10.9.0.1/24 dev w0',
      'nexthop add id 7 via 10.9.0.9 dev w0',
      'route add 198.51.100.0/24 nhid 7 table 78',
      'route add 203.0.113.0/24 via 10.9.0.9 mtu 1300 table 78',
    ]);
    const lines = await linesOf('routes', 'table=78', '--netns', namespace.path);
    expect(lines.find((line) => line.startsWith('198.51.100.0/24'))).to.include(' nhid 7');
    expect(lines.find((line) => line.startsWith('203.0.113.0/24'))).to.include(' mtu 1300');
    expect(namespace.run('ip', 'rule')).to.include('fwmark 0x7');
    expect((await linesOf('rules', '77', '--netns', namespace.path))[1]).to.include('mark 0x7');
  });

  it('escape characters that a terminal would obey, also as JSON', async () => {
    // IFLA_IFALIAS may have any bytes.
    namespace.run('ip', 'link', 'set', 'v0', 'alias', '\u0085\u202e\u009b31m');
    const [line] = await linesOf('links', 'v0', '--json', '--netns', namespace.path);
    expect(line).to.include('"\\u0085\\u202e\\u009b31m"');
    expect((JSON.parse(line!) as readonly Row[])[0]).to.have.property('alias', '\u0085\u202e\u009b31m');
  });

  it('state the namespace of each object, for all namespaces that have a name', async function () {
    if (namespace.name === undefined) this.skip();
    const [line] = await linesOf('links', 'br0', '--all-namespaces', '--json');
    const rows = (JSON.parse(line!) as readonly Row[]).filter(({ namespace: name }) => name === namespace.name);
    expect(rows.map(({ name }) => name)).to.deep.equal(['br0']);
    const [named] = await linesOf('namespaces', '--json');
    expect((JSON.parse(named!) as readonly Row[]).map(({ name }) => name)).to.include(namespace.name);
  });

  it('omit a namespace that `ip netns delete` unmounts after it was listed', async function () {
    if (namespace.name === undefined) this.skip();
    const other = createNamespace();
    try {
      const errors = new PassThrough();
      const { rows, isPartial } = await lastValueFrom(
        listAll(
          (place) =>
            defer(() => {
              // The kernel unmounts the name, and `ip` deletes its file later.
              if (place.netns === other.path) run('umount', ['--lazy', other.path]);
              return using(
                () => {
                  const net = network(place);
                  return { net, unsubscribe: () => net.close() };
                },
                (resource) => (resource as unknown as { readonly net: Network }).net.links.list({ name: 'lo' }),
              );
            }),
          new Output(new PassThrough(), errors, {}),
        ),
      );
      const names = rows.map(({ namespace: name }) => name);
      expect([isPartial, String(errors.read() ?? '')]).to.deep.equal([false, '']);
      expect(names).to.include(namespace.name).and.not.include(other.name);
    } finally {
      other.delete();
    }
  });

  it('have the listeners of ss, with their programs', async () => {
    requirePrograms('ss');
    const listener = namespace.start(
      process.execPath,
      '-e',
      "require('net').createServer().listen(8080, '127.0.0.1', () => console.log())",
    );
    await new Promise((resolve) => listener.stdout!.once('data', resolve));
    const [row] = await list('sockets', 'tcp', 'state=listen');
    expect(row).to.containSubset({ local: { address: '127.0.0.1', port: 8080 } });
    expect(await list('sockets', 'local=127.0.0.1:8080')).to.have.length(1);
    expect(await list('sockets', 'local=127.0.0.1:8081')).to.deep.equal([]);
    expect((row!['owners'] as readonly Row[]).map(({ processId }) => processId)).to.deep.equal([listener.pid]);
    expect(namespace.run('ss', '-Htln')).to.include('127.0.0.1:8080');
  });

  it('have the chains of nft', async () => {
    requirePrograms('nft');
    namespace.run(
      'nft',
      'add table inet t; add chain inet t c { type filter hook input priority 5; policy drop; }; add rule inet t c accept',
    );
    const [chain] = await list('firewall', 't');
    expect(chain).to.containSubset({ family: 'inet', table: 't', chain: { name: 'c', hook: 'input', policy: 'drop' } });
    expect((await linesOf('firewall', '--netns', namespace.path))[1]).to.match(/^inet +t +c +filter +input +filter \+ 5 +drop +1$/);
  });

  it('exit with 1 if nftables has no such table, and print only titles if it has none with the other properties', async () => {
    requirePrograms('nft');
    namespace.run('nft', 'add table inet filter');
    for (const words of [['filtre'], ['name=filtre'], ['filtre', 'family=inet']]) {
      const { code, out, err } = await runCli('firewall', ...words, '--netns', namespace.path);
      expect({ code, out }, words.join(' ')).to.deep.equal({ code: 1, out: '' });
      expect(err).to.equal("rxnetlink: cannot list firewall: name: no table is named 'filtre'; did you mean filter?\n");
    }
    expect((await runCli('firewall', 'nope', '--netns', namespace.path)).err).to.match(/ no table is named 'nope'\n$/);
    const { code, out, err } = await runCli('firewall', 'filter', 'family=ip', '--netns', namespace.path);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.match(/^FAMILY [^\n]*\n$/);
  });

  it('exit with 1 and one line if the kernel refuses', async () => {
    const { code, out, err } = await runCli('links', '--netns', '/proc/self/status');
    expect({ code, out }).to.deep.equal({ code: 1, out: '' });
    expect(err).to.match(/^rxnetlink: .*\n$/);
  });
});
