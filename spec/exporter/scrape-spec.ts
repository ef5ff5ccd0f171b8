import { expect } from 'chai';
import { defer, EMPTY, finalize, lastValueFrom, map, NEVER, of, throwError, timer, type Observable } from 'rxjs';
import { outcomeEvents } from '../../lib/exporter/exporter.js';
import type { Collector } from '../../lib/exporter/scrape/collector.js';
import { outcomeMetrics } from '../../lib/exporter/scrape/outcome-metrics.js';
import { runCollectors } from '../../lib/exporter/scrape/run-collectors.js';
import type { MetricFamily } from '../../lib/exporter/text/metric-family.js';
import { metricsText } from '../../lib/exporter/text/metrics-text.js';

const FAMILIES: readonly MetricFamily[] = [{ name: 'a', type: 'gauge', help: 'A.', samples: [['', 1]] }];
const run = (reads: Readonly<Record<string, Observable<readonly MetricFamily[]>>>, limit = 60_000) => {
  const collectors = Object.entries(reads).map(([name, read]): Collector => ({ name, read }));
  return lastValueFrom(runCollectors(collectors, limit));
};

describe('runCollectors', () => {
  it('has the metrics of the collectors that succeed, and the reasons of those that fail', async () => {
    const outcomes = await run({
      good: of(FAMILIES),
      bad: throwError(() => new Error('operation not permitted')),
      odd: throwError(() => 'a text'),
      empty: EMPTY,
    });
    expect(outcomes.map(({ seconds: _, ...rest }) => rest)).to.deep.equal([
      { collector: 'good', families: FAMILIES },
      { collector: 'bad', families: [], error: 'operation not permitted' },
      { collector: 'odd', families: [], error: 'a text' },
      { collector: 'empty', families: [], error: 'the kernel sent no answer' },
    ]);
  });

  it('ends a collector after the limit, and keeps the others', async () => {
    const outcomes = await run({ never: NEVER, good: of(FAMILIES) }, 50);
    expect(outcomes.map(({ collector, error }) => [collector, error])).to.deep.equal([
      ['never', 'the kernel did not answer within 50 ms'],
      ['good', undefined],
    ]);
    expect(outcomes[0]!.seconds).to.be.at.least(0.04);
  });

  it('runs the collectors at the same time', async () => {
    let running = 0;
    let most = 0;
    const counted = defer(() => {
      most = Math.max(most, ++running);
      return timer(0).pipe(
        map(() => FAMILIES),
        finalize(() => running--),
      );
    });
    await run({ a: counted, b: counted, c: counted });
    expect(most).to.equal(3);
  });
});

describe('metrics about the scrapes', () => {
  const linesOf = (families: readonly MetricFamily[]): string[] =>
    metricsText(families)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));

  it('are 1 or 0 for each collector, with its time and the number of its failures so far', () => {
    const metrics = outcomeMetrics();
    metrics([{ collector: 'b', families: [], seconds: 1, error: 'no' }]);
    const outcomes = [
      { collector: 'a', families: FAMILIES, seconds: 0.25 },
      { collector: 'b', families: [], seconds: 0.5, error: 'no' },
    ];
    expect(linesOf(metrics(outcomes))).to.deep.equal([
      'rxnetlink_scrape_collector_success{collector="a"} 1',
      'rxnetlink_scrape_collector_success{collector="b"} 0',
      'rxnetlink_scrape_collector_duration_seconds{collector="a"} 0.25',
      'rxnetlink_scrape_collector_duration_seconds{collector="b"} 0.5',
      'rxnetlink_scrape_collector_errors_total{collector="a"} 0',
      'rxnetlink_scrape_collector_errors_total{collector="b"} 2',
    ]);
  });

  it('become an event only if a collector fails for another reason, or recovers', () => {
    const events = outcomeEvents();
    const of = (error?: string) => events([{ collector: 'a', families: [], seconds: 0, ...(error !== undefined && { error }) }]);
    expect(of()).to.deep.equal([]);
    expect(of('no')).to.deep.equal([{ kind: 'failed', collector: 'a', reason: 'no' }]);
    expect(of('no')).to.deep.equal([]);
    expect(of('another')).to.deep.equal([{ kind: 'failed', collector: 'a', reason: 'another' }]);
    expect(of()).to.deep.equal([{ kind: 'recovered', collector: 'a' }]);
  });
});
