import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { FieldError } from '../../../lib/network/common/field-error.js';
import type { Written } from '../../../lib/network/common/written.js';
import { normalise } from '../../../lib/network/fields/shape.js';
import type { NetemOptions } from '../../../lib/network/qdiscs/kinds/netem.js';
import { QDISC_SHAPE, qdiscKindPart } from '../../../lib/network/qdiscs/qdisc-shape.js';

const requestOf = (netem: NetemOptions<Written>): object | undefined =>
  qdiscKindPart.write(normalise(QDISC_SHAPE, { link: 'v0', kind: 'netem', netem: { delay: 10, ...netem } }));

describe('the distribution of the delays of netem', () => {
  const folder = mkdtempSync(`${tmpdir()}/rxnetlink-dist-`);
  const before = process.env['TC_LIB_DIR'];
  beforeEach(() => {
    process.env['TC_LIB_DIR'] = folder;
    writeFileSync(`${folder}/normal.dist`, '# A table of iproute2.\n-32768 -28307\n -26871  0 # the middle\n\n32767\n');
  });
  after(() => {
    if (before === undefined) delete process.env['TC_LIB_DIR'];
    else process.env['TC_LIB_DIR'] = before;
    rmSync(folder, { recursive: true });
  });

  it('is a list of numbers, or a table of iproute2', () => {
    expect(requestOf({ jitter: 1, distribution: [-8192, 0, 8192] })).to.deep.include({ delayDist: [-8192, 0, 8192] });
    expect(requestOf({ jitter: 1, distribution: 'normal' })).to.deep.include({ delayDist: [-32_768, -28_307, -26_871, 0, 32_767] });
    expect(requestOf({ jitter: 1 })).to.not.have.property('delayDist');
  });

  it('is rejected with the folders in which its file is missing, and the remedy', () => {
    const text = `no file pareto.dist in ${folder}; install iproute2, set TC_LIB_DIR, or write the numbers`;
    expect(() => requestOf({ jitter: 1, distribution: 'pareto' }))
      .to.throw(FieldError, text)
      .with.property('path', 'netem.distribution');
  });

  it('is rejected if it is not a distribution, or has no jitter to distribute', () => {
    const wrong = [
      [{ jitter: 1, distribution: 'gauss' as never }, 'expected normal, pareto, paretonormal, experimental or a list of numbers'],
      [{ jitter: 1, distribution: [] }, 'expected 1 to 16384 numbers, not 0'],
      [{ jitter: 1, distribution: [40_000] }, 'expected an integer from -32768 to 32767'],
      [{ distribution: [1] }, 'needs a jitter'],
    ] as const;
    for (const [netem, text] of wrong) expect(() => requestOf(netem)).to.throw(FieldError, text);
    writeFileSync(`${folder}/normal.dist`, '1 two 3');
    expect(() => requestOf({ jitter: 1, distribution: 'normal' })).to.throw(FieldError, 'expected an integer');
  });

  it('is equal to what is there, which the kernel does not report', () => {
    expect(qdiscKindPart.equal['netem.distribution']!([1, 2], undefined, {})).to.equal(true);
  });
});
