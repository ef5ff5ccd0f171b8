import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect } from 'chai';
import { JobQueue, type JobResult } from '../../scripts/gate/run-jobs.mjs';

const root = resolve(import.meta.dirname, '../..');

/** Its hook fails in the first process only. */
const disturbed = (marker: string): string => `
import { existsSync, writeFileSync } from 'node:fs';
describe('disturbed', () => {
  before(() => {
    if (existsSync('${marker}')) return;
    writeFileSync('${marker}', '');
    throw new Error('no time');
  });
  it('one', () => {});
  it('two', () => {});
  it.skip('three', () => {});
});`;
const SOUND = `describe('sound', () => { it('four', () => {}); it.skip('five', () => {}); });`;
const BROKEN = `describe('broken', () => { it('six', () => {}); it('seven', () => { throw new Error('always'); }); });`;

describe('spec files that failed', () => {
  let folder: string;
  let report: string;

  beforeEach(() => {
    mkdirSync(join(root, '.cache'), { recursive: true });
    folder = mkdtempSync(join(root, '.cache/repeat-'));
    report = join(folder, 'report.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs files with mocha, as the gate does. */
  function runSpecs(texts: Readonly<Record<string, string>>, options: string): Promise<JobResult | undefined> {
    const files = Object.entries(texts).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return relative(root, join(folder, name));
    });
    const mocha = [process.execPath, '--import', 'tsx', 'node_modules/mocha/bin/mocha.js', '--no-config'];
    const command = [...mocha, '--reporter', 'scripts/gate/reports/reporter.cjs', ...files];
    const env = { ...process.env, MOCHA_OPTIONS: options, RXNETLINK_REPORT: report, NODE_V8_COVERAGE: '' };
    return new JobQueue(1).run(command, env, () => undefined);
  }

  const figures = (): Record<string, unknown> => {
    const { passed, failed, skipped, retries, failures } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, { title: string }[]>;
    const titles = (list: readonly { title: string }[]): string[] => list.map(({ title }) => title);
    return { passed, failed, skipped, retries: titles(retries!), failures: titles(failures!) };
  };

  it('run once more in a process of their own, and their figures replace the first ones', async () => {
    const result = await runSpecs({ 'sound-spec.ts': SOUND, 'disturbed-spec.ts': disturbed(join(folder, 'marker')) }, '--retries=1');
    expect(result?.fault, result?.output).to.equal(undefined);
    expect(result?.output).to.match(/once more: \.cache\/repeat-\w+\/disturbed-spec\.ts\n/);
    expect(figures()).to.deep.equal({
      passed: 3,
      failed: 0,
      skipped: 2,
      retries: ['disturbed "before all" hook for "one"'],
      failures: [],
    });
  });

  it('fail the job if they fail again', async () => {
    const result = await runSpecs({ 'sound-spec.ts': SOUND, 'broken-spec.ts': BROKEN }, '--retries=1');
    expect(result?.fault).to.equal('exit code 1');
    expect(figures()).to.deep.include({ passed: 2, failed: 1, skipped: 1, failures: ['broken seven'] });
  });

  it('do not run again without retries, nor when more than three failed', async () => {
    const once = await runSpecs({ 'disturbed-spec.ts': disturbed(join(folder, 'marker')) }, '');
    expect(once?.fault).to.equal('exit code 1');
    const many = Object.fromEntries([1, 2, 3, 4].map((number) => [`broken${number}-spec.ts`, BROKEN]));
    const result = await runSpecs(many, '--retries=1');
    expect(result?.output).not.to.include('once more');
    expect(figures()).to.deep.include({ passed: 4, failed: 4 });
  });

  it('fail the job if they are skipped then, or if the process failed in another way', async () => {
    const marker = join(folder, 'marker');
    const later = `
import { existsSync, writeFileSync } from 'node:fs';
describe('later', () => {
  it('eight', function () {
    if (existsSync('${marker}2')) this.skip();
    writeFileSync(existsSync('${marker}') ? '${marker}2' : '${marker}', '');
    throw new Error('true fault');
  });
});`;
    const skipped = await runSpecs({ 'later-spec.ts': later }, '--retries=1');
    expect(skipped?.output).to.include('once more');
    expect(skipped?.fault).to.equal('exit code 1');
    expect(figures()).to.deep.include({ passed: 0, failed: 1, failures: ['later eight'] });
    const crash = `process.on('exit', () => process.kill(process.pid, 'SIGKILL')); ${BROKEN}`;
    const crashed = await runSpecs({ 'crash-spec.ts': crash }, '--retries=1');
    expect(crashed?.output).not.to.include('once more');
    expect(crashed?.fault).to.equal('SIGKILL');
  });

  it('do not run again if they judge others of their process', async () => {
    const result = await runSpecs({ 'kernel-log-spec.ts': BROKEN }, '--retries=1');
    expect(result?.output).not.to.include('once more');
    expect(result?.fault).to.equal('exit code 1');
  });
});
