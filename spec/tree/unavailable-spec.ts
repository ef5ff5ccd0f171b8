import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { needsChildNode } from '../support/emulator.js';
import { spawnSync } from '../support/programs.js';

const root = resolve(import.meta.dirname, '../..');
const support = (name: string) => JSON.stringify(join(root, 'spec/support', name));

/** A spec file that the linter would reject; the program `no-such-program` does not exist. */
const SPECS = `
import { requirePrograms, run, spawn, usePrograms } from ${support('programs.ts')};
import { skipBecause } from ${support('unavailable.ts')};
describe('test', () => {
  it('runs', () => run('no-such-program', []));
  it('starts', () => { spawn('no-such-program'); });
  it('enters', () => run('nsenter', ['--net=/proc/self/ns/net', '--', 'no-such-program']));
  it('shell', () => run('sh', ['-c', 'no-such-program']));
  it('bash', () => run('bash', ['-c', 'no-such-program']));
  it('later', async () => { await null; run('no-such-program', []); });
  it('wrapped', () => { try { run('no-such-program', []); } catch (cause) { throw new Error('setup failed', { cause }); } });
  it('caught', function () { try { run('no-such-program', []); } catch (error) { skipBecause(this, 'no such feature', error); } });
  it('hidden', () => { try { run('no-such-program', []); } catch {} throw new Error('nothing came'); });
  it('text', function () { try { run('no-such-program', []); } catch (error) { skipBecause(this, 'no such feature'); } });
  it('unharmed', () => { try { run('no-such-program', []); } catch {} });
  it('feature', function () { skipBecause(this, 'no such feature', new Error('its error')); });
  it('file', () => requirePrograms('/no/such/file'));
  it('passes', () => { run('true', []); });
  it('fails', () => { run('false', []); });
});
describe('suite', () => {
  before(() => run('no-such-program', []));
  after(() => { throw new Error('nothing to clean up'); });
  it('first', () => { throw new Error('it ran'); });
  describe('inner', () => it('second', () => { throw new Error('it ran'); }));
});
describe('declared', () => { usePrograms('true', 'no-such-program'); it('third', () => { throw new Error('it ran'); }); });
describe('each', () => {
  let count = 0;
  beforeEach(() => { if (count++ === 0) requirePrograms('no-such-program'); });
  afterEach(() => { if (count === 1) requirePrograms('no-such-program'); });
  it('skipped', () => { throw new Error('it ran'); });
  it('passes', () => {});
});
describe('cleanup', () => { it('passes', () => {}); after(() => requirePrograms('no-such-program')); });
`;

interface Report {
  readonly passed: number;
  readonly skips: readonly { readonly title: string; readonly reason: string; readonly programs: readonly string[] }[];
  readonly failures: readonly { readonly title: string }[];
}

describe('Unavailable', function () {
  this.timeout(30_000);
  let report: Report;
  const skipOf = (title: string) => report.skips.find((skip) => skip.title.startsWith(`${title} `));

  before(function () {
    needsChildNode(this);
    mkdirSync(join(root, '.cache'), { recursive: true });
    const folder = mkdtempSync(join(root, '.cache/unavailable-'));
    try {
      writeFileSync(join(folder, 'some-spec.ts'), SPECS);
      const mocha = [join(root, 'node_modules/mocha/bin/mocha.js'), join(folder, 'some-spec.ts')];
      const env = { ...process.env, MOCHA_OPTIONS: '', RXNETLINK_REPORT: join(folder, 'report.json') };
      spawnSync(process.execPath, mocha, { cwd: root, env });
      report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'), (name, value: unknown) =>
        name === 'file' ? undefined : value,
      ) as Report;
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const name of ['runs', 'starts', 'shell', 'bash', 'later', 'wrapped', 'caught', 'hidden', 'text']) {
    it(`skips a test in which a program is missing: ${name}`, () => {
      expect(skipOf(`test ${name}`)).to.deep.equal({
        title: `test ${name} [skipped: no-such-program is not installed]`,
        reason: 'no-such-program is not installed',
        programs: ['no-such-program'],
      });
    });
  }

  it('skips a test whose program nsenter starts', () => {
    expect(skipOf('test enters')?.programs.at(-1)).to.equal('no-such-program');
  });

  it('skips a test for a missing feature, and names no program', () => {
    expect(skipOf('test feature')).to.deep.equal({
      title: 'test feature [skipped: no such feature: its error]',
      reason: 'no such feature',
      programs: [],
    });
  });

  it('skips a test for a missing file', () => {
    expect(skipOf('test file')?.programs).to.deep.equal(['/no/such/file']);
  });

  it('skips all tests of a suite whose before hook needs a missing program', () => {
    for (const title of ['suite first', 'suite inner second', 'declared third'])
      expect(skipOf(title)?.programs, title).to.deep.equal(['no-such-program']);
  });

  it('skips one test when a beforeEach hook needs a missing program', () => {
    expect(skipOf('each skipped')?.programs).to.deep.equal(['no-such-program']);
    expect(skipOf('each passes')).to.equal(undefined);
  });

  it('lets other tests pass or fail', () => {
    expect(report.passed).to.equal(4);
    expect(report.failures.map(({ title }) => title)).to.deep.equal(['test fails', 'cleanup "after all" hook for "passes"']);
  });
});
