import { type Observable, map } from 'rxjs';
import type { NetworkClients } from '../clients.js';
import type { Names } from '../names/names.js';
import { checkEnsureOptions, checkVerbOptions } from '../tables/run-verb.js';
import type { EnsureOptions, Many, VerbOptions } from '../tables/verbs.js';
import { WritableTable } from '../tables/writable-table.js';
import { classModel } from './class-model.js';
import type { ClassFilter, ClassKey, ClassPart, ClassSpec, TrafficClass } from './traffic-class.js';

/** The verbs of classes. @internal */
export class ClassTable extends WritableTable<TrafficClass, ClassSpec, ClassKey, ClassFilter, ClassPart> {
  constructor(clients: Pick<NetworkClients, 'tc'>, names: Names) {
    super(classModel(clients), names);
  }

  // A class may be below an earlier one, which has to exist before.
  override addMany(specs: Iterable<ClassSpec>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('addMany', options);
    return this.each('addMany', specs, options, (spec) => this.add(spec).pipe(map(() => true)));
  }

  override ensureMany(specs: Iterable<ClassSpec>, options: EnsureOptions = {}): Observable<Many> {
    checkEnsureOptions('ensureMany', options);
    const { recreate = false, ...rest } = options;
    return this.each('ensureMany', specs, rest, (spec) => this.ensure(spec, { recreate }).pipe(map(({ changed }) => changed.length > 0)));
  }
}
