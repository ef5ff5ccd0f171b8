import type { TcFamily } from '../../../lib/families/tc.js';

type Class = TcFamily['dump']['gettclass']['reply'];
type Hfsc = NonNullable<Extract<Class, { kind: 'hfsc' }>['options']>;
type Curve = NonNullable<Hfsc['rsc']>;

const rateText = (bytes: number): string => (bytes === 0 ? '0bit' : `${String((bytes * 8) / 1e6)}Mbit`);
const timeText = (microseconds: number): string => (microseconds === 0 ? '0us' : `${String(microseconds / 1000)}ms`);
const curve = (name: string, { m1, d, m2 }: Curve): string[] => [name, 'm1', rateText(m1), 'd', timeText(d), 'm2', rateText(m2)];

/** Returns the text that `tc class` prints for classes without JSON output. */
export function classWords(row: Class): string[] {
  if (row.kind === 'qfq') return ['weight', String(row.options!.weight), 'maxpkt', String(row.options!.lmax)];
  if (row.kind !== 'hfsc') throw new Error(`nothing is compared with classes of kind ${row.kind!}`);
  const { rsc, fsc, usc } = row.options ?? {};
  // The same curve for real time and for link sharing
  if (rsc !== undefined && JSON.stringify(rsc) === JSON.stringify(fsc)) return [...curve('sc', rsc), ...(usc ? curve('ul', usc) : [])];
  return [...(rsc ? curve('rt', rsc) : []), ...(fsc ? curve('ls', fsc) : []), ...(usc ? curve('ul', usc) : [])];
}
