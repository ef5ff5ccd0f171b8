import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { expectBudget } from './expect-budget.js';
import { runSubject } from './subject.js';

const dist = resolve(import.meta.dirname, '../../dist');
const RUNS = 5;

/** Returns the files that importing a file loads, including itself. */
function loadedBy(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+)["']/g)) {
    loadedBy(join(dirname(file), path!), seen);
  }
  return seen;
}

const kibibytes = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + statSync(file).size, 0) / 1024;

describe('loading the package', function () {
  this.timeout(60_000);

  it('reads few bytes', () => {
    const own = loadedBy(join(dist, 'index.js'));
    expectBudget('loadedBytes', kibibytes(own));
    const families = readdirSync(join(dist, 'families')).filter((name) => name.endsWith('.js'));
    const more = families.map((name) => kibibytes([...loadedBy(join(dist, 'families', name))].filter((file) => !own.has(file))));
    expectBudget('loadedByFamily', Math.max(...more));
  });

  it('loads only the families that rxnetlink/network uses', () => {
    const loaded = [...loadedBy(join(dist, 'network/index.js'))].map((file) => readFileSync(file, 'utf8').replaceAll('\\\n', ''));
    const families = loaded.flatMap((text) => [...text.matchAll(/\bsource:\s*["']([a-z0-9_-]+)["'],/g)].map(([, source]) => source));
    expect(families).to.have.members([
      'nftables',
      'rt-addr',
      'rt-link',
      'rt-neigh',
      'rt-nsid',
      'rt-route',
      'rt-rule',
      'rt-vlan',
      'sock_diag',
      'tc',
      'wireguard',
    ]);
  });

  it('needs little CPU time in addition to rxjs', () => {
    const script = `
      const cost = async (name) => {
        const began = process.cpuUsage();
        await import(name);
        const { user, system } = process.cpuUsage(began);
        return user + system;
      };
      const rxjs = await cost('rxjs');
      const own = await cost(${JSON.stringify(join(dist, 'index.js'))});
      console.log(JSON.stringify({ rxjs, own }));`;
    const runs = Array.from({ length: RUNS }, () =>
      runSubject<{ rxjs: number; own: number }>([process.execPath, '--input-type=module', '--eval', script]),
    );
    expectBudget('loadingTime', Math.min(...runs.map(({ own }) => own)) / Math.min(...runs.map(({ rxjs }) => rxjs)));
  });
});
