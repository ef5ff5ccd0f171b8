import { expect } from 'chai';
import { familiesOf, labelText, type MetricFamily } from '../../lib/exporter/text/metric-family.js';
import { metricsText } from '../../lib/exporter/text/metrics-text.js';

const family = (samples: MetricFamily['samples'], rest: Partial<MetricFamily> = {}): MetricFamily => ({
  name: 'some_total',
  type: 'counter',
  help: 'Some.',
  samples,
  ...rest,
});
/** Returns the text of a value. */
const valueOf = (value: number | bigint): string => metricsText([family([['', value]])]).split('\n')[2]!;

describe('the text of metrics', () => {
  it('has HELP and TYPE once for all series of a family, and ends with a line feed', () => {
    const samples = [
      [labelText({ device: 'lo' }), 1n],
      [labelText({ device: 'eth0', kind: 'fq' }), 2],
    ] as const;
    expect(metricsText([family(samples), family([['', 3]], { name: 'other', type: 'gauge', help: 'Other.' })])).to.equal(
      '# HELP some_total Some.\n' +
        '# TYPE some_total counter\n' +
        'some_total{device="lo"} 1\n' +
        'some_total{device="eth0",kind="fq"} 2\n' +
        '# HELP other Other.\n' +
        '# TYPE other gauge\n' +
        'other 3\n',
    );
  });

  it('writes bigints with all of their digits', () => {
    expect(valueOf(2n ** 64n - 1n)).to.equal('some_total 18446744073709551615');
    // As a number this would end with 2.
    expect(valueOf(9007199254740993n)).to.equal('some_total 9007199254740993');
  });

  it('writes numbers as Prometheus reads them', () => {
    expect(valueOf(NaN)).to.equal('some_total NaN');
    expect(valueOf(Infinity)).to.equal('some_total +Inf');
    expect(valueOf(-Infinity)).to.equal('some_total -Inf');
    expect(valueOf(0.001)).to.equal('some_total 0.001');
    expect(valueOf(1e21)).to.equal('some_total 1e+21');
    expect(valueOf(-0)).to.equal('some_total 0');
  });

  it('escapes backslashes, quotes and line feeds in labels, and nothing else', () => {
    expect(labelText({ a: 'x"y\\z\nend', b: '<img src=x>, {} \r\t é \u{1f600}' })).to.equal(
      '{a="x\\"y\\\\z\\nend",b="<img src=x>, {} \r\t é \u{1f600}"}',
    );
    expect(labelText({})).to.equal('');
  });

  it('escapes backslashes and line feeds in help', () => {
    expect(metricsText([family([['', 1]], { help: 'a\\b\nc "d"' })]).split('\n')[0]).to.equal('# HELP some_total a\\\\b\\nc "d"');
  });

  it('omits families without series', () => {
    expect(metricsText([family([])])).to.equal('');
  });

  it('writes the first of several series with the same labels', () => {
    const labels = labelText({ device: '\ufffd' });
    expect(
      metricsText([
        family([
          [labels, 1],
          [labels, 2],
        ]),
      ])
        .split('\n')
        .slice(2),
    ).to.deep.equal(['some_total{device="\ufffd"} 1', '']);
  });

  it('throws if two families have one name', () => {
    expect(() => metricsText([family([['', 1]]), family([['', 2]])])).to.throw('two families of metrics have the name some_total');
  });

  it('has no series for a row without the value', () => {
    const definition = { name: 'mtu', type: 'gauge', help: 'MTU.', value: ({ mtu }: { readonly mtu?: number }) => mtu } as const;
    const rows = [{ labels: '{a="1"}', mtu: 1500 }, { labels: '{a="2"}' }, { labels: '{a="3"}', mtu: 0 }];
    expect(familiesOf([definition], rows)).to.deep.equal([
      {
        name: 'mtu',
        type: 'gauge',
        help: 'MTU.',
        samples: [
          ['{a="1"}', 1500],
          ['{a="3"}', 0],
        ],
      },
    ]);
  });
});
