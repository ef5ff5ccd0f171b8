import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { reportFault } from '../../scripts/gate/reports/report-fault.mjs';
import { spawnSync } from '../support/programs.js';

const program = resolve(import.meta.dirname, '../../scripts/gate/reports/report-fault.mjs');

describe('the report of a stage', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-report-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const written = (figures: object): string => {
    const file = join(folder, 'report.json');
    writeFileSync(file, JSON.stringify({ passed: 0, failed: 0, skipped: 0, ...figures }));
    return file;
  };

  it('has a fault if it is missing, or counts nothing', () => {
    expect(reportFault(join(folder, 'missing.json'))).to.equal('ended without a report');
    expect(reportFault(written({}))).to.equal('ran no spec');
    for (const count of ['passed', 'failed', 'skipped']) expect(reportFault(written({ [count]: 1 }))).to.equal(undefined);
  });

  it('decides the exit code of the program that .ci/run calls after each stage', () => {
    const missing = spawnSync(process.execPath, [program, join(folder, 'missing.json')], { encoding: 'utf8' });
    expect({ status: missing.status, stdout: missing.stdout }).to.deep.equal({ status: 1, stdout: 'ended without a report\n' });
    expect(spawnSync(process.execPath, [program, written({ passed: 1 })]).status).to.equal(0);
  });
});
