import { expect } from 'chai';
import { createNamespace, namespaceError, type Namespace } from '../../support/namespace.js';
import { run, usePrograms } from '../../support/programs.js';
import { startExporter, type Scraped } from './scraped.js';

/** A name of a link has at most 15 bytes, without blanks; an alias has 255 of any kind. */
const MARKUP = '<img src=x onerror=alert(1)>';

describe('names in the metrics of rxnetlink exporter', function () {
  this.timeout(60_000);
  usePrograms('ip', 'nft', 'promtool');
  let scraped: Scraped | undefined;
  let namespace: Namespace | undefined;
  beforeEach(() => {
    const refused = namespaceError();
    if (refused !== undefined) throw refused;
    namespace = createNamespace();
  });
  afterEach(() => {
    scraped?.close();
    namespace?.delete();
  });

  const devices = async (options: Parameters<typeof startExporter>[1] = {}): Promise<string[]> => {
    scraped = await startExporter(namespace!.path, options);
    const names = [...(await scraped.series()).keys()];
    return names.flatMap((name) => /^node_network_up\{device="(.*)"\}$/s.exec(name)?.[1] ?? []);
  };

  it('escapes quotes and backslashes, and keeps markup as it is', async () => {
    const { run: inside } = namespace!;
    for (const name of ['<img>"\\', '"}', '\\n', "{a='b',c}"]) inside('ip', 'link', 'add', 'name', name, 'type', 'bridge');
    inside('ip', 'link', 'set', 'dev', '"}', 'alias', `${MARKUP}\n"`);
    expect((await devices()).sort()).to.deep.equal(['<img>\\"\\\\', '\\"}', '\\\\n', 'lo', "{a='b',c}"]);
    const info = [...(await scraped!.series()).keys()].find((name) => name.startsWith('node_network_info{device="\\"}"'));
    expect(info).to.include(`ifalias="${MARKUP}\\n\\""`);
    expect(run('promtool', ['check', 'metrics'], await scraped!.text())).to.equal('');
    const { headers } = await fetch(scraped!.url);
    expect(headers.get('content-type')).to.match(/^text\/plain;/);
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
  });

  it('keeps links apart whose names are not UTF-8', async () => {
    const { run: inside } = namespace!;
    for (const byte of ['\\377', '\\376']) inside('sh', '-c', `ip link add name "x$(printf '${byte}')" type bridge`);
    expect(await devices()).to.deep.equal(['lo', 'x\ufffd', `x\ufffd (index ${indexOf(namespace!.ip('-o link'))})`]);
    expect(run('promtool', ['check', 'metrics'], await scraped!.text())).to.equal('');
  });

  it('has the links only that the patterns include and do not exclude, in all collectors', async () => {
    const { batch, run: inside } = namespace!;
    batch(['eth0', 'eth1', 'veth0', 'wg0'].map((name) => `link add ${name} type bridge`));
    batch(
      ['eth0', 'eth1', 'veth0', 'wg0'].flatMap((name) => [
        `link set ${name} up`,
        `neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev ${name}`,
      ]),
    );
    for (const name of ['eth0', 'eth1', 'veth0']) inside('tc', 'qdisc', 'replace', 'dev', name, 'root', 'pfifo');
    expect(await devices({ devices: { include: ['eth*', 'lo'], exclude: ['eth1'] } })).to.deep.equal(['lo', 'eth0']);
    const labelled = [...(await scraped!.series()).keys()].flatMap((name) => /device="([^"]*)"/.exec(name)?.[1] ?? []);
    expect([...new Set(labelled)].sort()).to.deep.equal(['eth0', 'lo']);
    const names = [...(await scraped!.series()).keys()];
    expect(names).to.include('node_qdisc_bytes_total{device="eth0",kind="pfifo"}').and.include('node_arp_entries{device="eth0"}');
  });
});

/** Returns the index of the last link. */
function indexOf(text: string): string {
  return /^(\d+): .*\n$/m.exec(text.slice(text.trimEnd().lastIndexOf('\n') + 1))![1]!;
}
