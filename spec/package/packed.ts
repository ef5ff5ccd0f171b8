import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execFileSync } from '../support/programs.js';

export const root: string = resolve(import.meta.dirname, '../..');

/** The report of `npm pack --json` about a tarball. */
interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

let built = false;

/** Builds the files of the package, once for all specs; prebuilds whose compiler is not installed are omitted. */
export function prepack(): void {
  if (built) return;
  execFileSync(process.execPath, ['scripts/prepack.mjs'], {
    cwd: root,
    env: { ...process.env, RXNETLINK_PACK_PARTIAL: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  built = true;
}

let packed: { readonly report: PackReport; readonly tarball: string } | undefined;

/** Returns the tarball that `npm pack` writes. All specs of a process share it. */
function pack(): { readonly report: PackReport; readonly tarball: string } {
  if (packed !== undefined) return packed;
  prepack();
  const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-tarball-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // npm 10 prints the output of scripts between the lines of the report.
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [report] = JSON.parse(output) as [PackReport];
  return (packed = { report, tarball: join(folder, report.filename) });
}

/** The package as npm would publish it, and a project that has installed it. */
export class Packed {
  readonly report: PackReport;
  /** The tarball. */
  readonly tarball: string;
  /** A folder whose node_modules contains only the unpacked package and its dependencies. */
  readonly consumer: string;
  readonly #folder: string;

  constructor() {
    ({ report: this.report, tarball: this.tarball } = pack());
    this.#folder = mkdtempSync(join(tmpdir(), 'rxnetlink-packed-'));
    this.consumer = join(this.#folder, 'consumer');
    const modules = join(this.consumer, 'node_modules');
    mkdirSync(join(modules, 'rxnetlink'), { recursive: true });
    mkdirSync(join(modules, '@types'));
    execFileSync('tar', ['-xzf', this.tarball, '--strip-components=1', '-C', join(modules, 'rxnetlink')]);
    for (const name of ['rxjs', 'tslib', 'node-gyp-build', '@types/node', 'undici-types', '@nats-io']) {
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
