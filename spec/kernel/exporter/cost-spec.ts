import { expect } from 'chai';
import { useNamespace } from '../../support/namespace.js';
import { PATIENCE } from '../../support/patience.js';
import { startExporter } from './scraped.js';

const LINKS = 1000;
const SCRAPES = 10;
/** Milliseconds of CPU time of a scrape: 100 on a machine that is not busy, and four times that on one that is slow and loaded. */
const LIMIT = 400 * PATIENCE;

describe('the cost of rxnetlink exporter', function () {
  this.timeout(120_000);
  const namespace = useNamespace();

  it(`is little CPU time for each scrape of ${String(LINKS)} links`, async () => {
    const pairs = Array.from({ length: LINKS / 2 }, (_, index) => `link add v${String(index)} type veth peer name w${String(index)}`);
    namespace().batch(pairs);
    namespace().batch(Array.from({ length: LINKS / 2 }, (_, index) => `link set v${String(index)} up`));
    const scraped = await startExporter(namespace().path);
    try {
      // The first ones compile code.
      for (let count = 0; count < 3; count++) await scraped.text();
      const times: number[] = [];
      let text = '';
      for (let count = 0; count < SCRAPES; count++) {
        const began = process.cpuUsage();
        text = await scraped.text();
        const { user, system } = process.cpuUsage(began);
        times.push((user + system) / 1000);
      }
      const [least, median] = [Math.min(...times), times.sort((one, other) => one - other)[SCRAPES / 2]!];
      const series = text.split('\n').filter((line) => !line.startsWith('#')).length;
      process.stdout.write(
        `      ${median.toFixed(0)} ms of CPU time for a scrape (least ${least.toFixed(0)}), ${String(series)} series, ${String(text.length)} bytes\n`,
      );
      expect(series).to.be.at.least(LINKS * 30);
      expect(least, 'milliseconds').to.be.at.most(LIMIT);
    } finally {
      scraped.close();
    }
  });
});
