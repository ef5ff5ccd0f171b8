import { readdirSync, readFileSync } from 'node:fs';
import { FieldError } from '../../common/field-error.js';
import { integer, list, shown, type Check } from '../../fields/check.js';
import { plain, type Option } from '../../fields/option.js';

/** A distribution of delays that `tc` has in a file. @public */
export type NetemDistribution = 'normal' | 'pareto' | 'paretonormal' | 'experimental';

const NAMES: readonly string[] = ['normal', 'pareto', 'paretonormal', 'experimental'] satisfies NetemDistribution[];

/** NETEM_DIST_MAX (uapi/linux/pkt_sched.h). */
const MOST = 16_384;

/** The folders of iproute2 for its tables; `TC_LIB_DIR` replaces them, as for `tc`. */
const FOLDERS = ['/usr/lib/tc', '/lib/tc', '/usr/lib64/tc', '/usr/share/tc'];

const numbers = list(integer(-32_768, 32_767));

const check: Check<string | readonly number[]> = (value, path) => {
  if (typeof value === 'string') {
    if (NAMES.includes(value)) return value;
    throw new FieldError(path, `expected ${NAMES.join(', ')} or a list of numbers, not ${shown(value)}`);
  }
  const table = numbers(value, path);
  if (table.length > 0 && table.length <= MOST) return table;
  throw new FieldError(path, `expected 1 to ${MOST} numbers, not ${table.length}`);
};

/** The table of a distribution of delays. The kernel does not report it: what is there is equal to any. @internal */
export const distribution: Option = {
  ...plain('delayDist', check),
  write: (value) => (typeof value === 'string' ? readTable(value) : value),
  same: () => true,
};

/** Reads a table of iproute2: numbers, and comments behind `#`. @throws FieldError if no folder has the file. */
function readTable(name: string): readonly number[] {
  const folders = foldersOfTables();
  for (const folder of folders) {
    const text = textOf(`${folder}/${name}.dist`);
    if (text === undefined) continue;
    const words = text.replaceAll(/#.*/g, '').trim().split(/\s+/);
    return numbers(words.map(Number), 'distribution');
  }
  const remedy = 'install iproute2, set TC_LIB_DIR, or write the numbers';
  throw new FieldError('distribution', `no file ${name}.dist in ${folders.join(', ')}; ${remedy}`, 'unsupported');
}

function foldersOfTables(): readonly string[] {
  const given = process.env['TC_LIB_DIR'];
  return given === undefined ? [...FOLDERS, ...foldersOfMachines()] : [given];
}

/** Debian has the tables in the folder of the machine, such as `/usr/lib/x86_64-linux-gnu`. */
function foldersOfMachines(): readonly string[] {
  try {
    return readdirSync('/usr/lib')
      .filter((name) => name.includes('-linux-'))
      .map((name) => `/usr/lib/${name}/tc`);
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
