import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { hold } from './hold.js';
import { runSubject } from './subject.js';

const dist = resolve(import.meta.dirname, '../../dist');
const RUNS = 5;

/** All files that importing one of them loads, itself included. */
function loadedBy(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?["'](\.{1,2}\/[^"']+)["'];?$/gm)) {
    loadedBy(join(dirname(file), path!), seen);
  }
  return seen;
}

const kibibytes = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + statSync(file).size, 0) / 1024;

describe('loading', function () {
  this.timeout(60_000);

  it('reads little', () => {
    const own = loadedBy(join(dist, 'index.js'));
    hold('loadedBytes', kibibytes(own));
    const more = ['rt-link', 'tc', 'nl80211'].map((name) =>
      kibibytes([...loadedBy(join(dist, `families/${name}.js`))].filter((file) => !own.has(file))),
    );
    hold('loadedByFamily', Math.max(...more));
  });

  it('takes little time', () => {
    const script = `
      const began = process.cpuUsage();
      await import(${JSON.stringify(join(dist, 'index.js'))});
      const { user, system } = process.cpuUsage(began);
      console.log(JSON.stringify({ milliseconds: (user + system) / 1000 }));`;
    const times = Array.from(
      { length: RUNS },
      () => runSubject<{ milliseconds: number }>([process.execPath, '--input-type=module', '--eval', script]).milliseconds,
    );
    hold('loadingTime', Math.min(...times));
  });
});
