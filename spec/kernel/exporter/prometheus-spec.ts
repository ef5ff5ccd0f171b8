import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { useNamespace } from '../../support/namespace.js';
import { run, usePrograms } from '../../support/programs.js';
import { root } from '../cli/command.js';
import { startExporter } from './scraped.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly refId: string; readonly datasource: { readonly uid: string } }[];
}

interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: string | { readonly query: string } }[];
  };
}

/** Words of PromQL and labels that look like names of metrics. */
const METRIC = /\b(?:node|rxnetlink)_\w+/g;

describe('metrics of rxnetlink exporter for Prometheus', function () {
  this.timeout(60_000);
  usePrograms('promtool', 'nft');
  const namespace = useNamespace();
  const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-prometheus-'));
  after(() => rmSync(folder, { recursive: true }));
  let text = '';
  let names: ReadonlySet<string>;

  before(async () => {
    namespace().batch(['link add a0 type veth peer name b0', 'link set a0 up', 'link set b0 up', 'address add 192.0.2.1/24 dev a0']);
    namespace().batch(['neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev a0', 'link add d0 type bridge']);
    namespace().run('nft', 'add table inet t; add counter inet t c');
    namespace().run('tc', 'qdisc', 'add', 'dev', 'a0', 'root', 'pfifo');
    const scraped = await startExporter(namespace().path);
    text = await scraped.text();
    scraped.close();
    names = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!));
  });

  it('pass promtool check metrics without a remark', () => {
    expect(names.size).to.be.at.least(63);
    expect(run('promtool', ['check', 'metrics'], text)).to.equal('');
  });

  it('have HELP and TYPE once for each name, before its series, and a name of Prometheus', () => {
    const heads = text.split('\n').filter((line) => line.startsWith('# TYPE '));
    expect(heads.length).to.equal(names.size);
    for (const name of names) {
      expect(text.match(new RegExp(`^# HELP ${name} .+\\.$`, 'gm')), name).to.have.length(1);
      const type = new RegExp(`^# TYPE ${name} (\\w+)$`, 'm').exec(text)![1];
      if (name.startsWith('rxnetlink_')) expect(name.endsWith('_total'), `${name} is a ${type!}`).to.equal(type === 'counter');
    }
  });

  it('are all in the table of docs/exporter.md, which has no others', () => {
    const page = readFileSync(join(root, 'docs/exporter.md'), 'utf8');
    const listed = [...page.matchAll(/^\| `((?:node|rxnetlink)_\w+)`/gm)].map(([, name]) => name!);
    expect([...listed].sort()).to.deep.equal([...names].sort());
  });

  it('are configured by files that promtool accepts, in docs/exporter.md', () => {
    const page = readFileSync(join(root, 'docs/exporter.md'), 'utf8');
    const blocks = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, block]) => block!);
    expect(blocks).to.have.length(2);
    for (const block of blocks) {
      const file = join(folder, 'block.yml');
      writeFileSync(file, block);
      const isRules = block.startsWith('groups:');
      expect(run('promtool', ['check', isRules ? 'rules' : 'config', file])).to.include('SUCCESS');
      for (const name of block.match(METRIC) ?? []) expect([...names], block).to.include(name);
    }
  });

  describe('the dashboard for Grafana', () => {
    const dashboard = JSON.parse(readFileSync(join(root, 'docs/exporter/grafana.json'), 'utf8')) as Dashboard;
    const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

    it('names metrics only that the exporter has', () => {
      const queries = dashboard.templating.list.map(({ query }) => (typeof query === 'string' ? query : query.query));
      const named = [...expressions, ...queries].flatMap((expression) => expression.match(METRIC) ?? []);
      expect(named.length).to.be.at.least(15);
      expect([...new Set(named)].filter((name) => !names.has(name))).to.deep.equal([]);
    });

    it('has expressions that Prometheus can parse', () => {
      const rules = expressions.map((expression, index) => ({
        record: `panel:${String(index)}`,
        expr: expression.replaceAll('$__rate_interval', '1m').replaceAll(/\$\w+/g, '.*'),
      }));
      const file = join(folder, 'rules.json');
      // JSON is YAML.
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
      expect(run('promtool', ['check', 'rules', file])).to.include(`SUCCESS: ${String(rules.length)} rules found`);
    });

    it('has panels with numbers of their own, places that do not overlap, and the data source of its variable', () => {
      const { panels, templating } = dashboard;
      expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
      const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
        expect(x + w, title).to.be.at.most(24);
        return Array.from({ length: w * h }, (_, index) => `${String(x + (index % w))} ${String(y + Math.floor(index / w))}`);
      });
      expect(new Set(cells).size).to.equal(cells.length);
      const variables = new Set(templating.list.map(({ name }) => name));
      const used = JSON.stringify(panels)
        .match(/\$\{?\w+/g)!
        .map((name) => name.replace(/^\$\{?/, ''));
      expect([...new Set(used)].filter((name) => name !== '__rate_interval' && !variables.has(name))).to.deep.equal([]);
      for (const { targets = [], title } of panels)
        for (const { datasource } of targets) expect(datasource.uid, title).to.equal('${datasource}');
    });
  });
});
