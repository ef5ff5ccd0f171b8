import { type Observable, map } from 'rxjs';
import type { LiveChange } from '../../live/index.js';
import type { NetworkClients } from '../clients.js';
import { watchByLink } from '../live/link-index.js';
import type { Names } from '../names/names.js';
import { checkEnsureOptions, checkVerbOptions } from '../tables/run-verb.js';
import { copyOf } from '../tables/table-reader.js';
import type { EnsureOptions, Many, VerbOptions } from '../tables/verbs.js';
import { WritableTable } from '../tables/writable-table.js';
import { classModel } from './class-model.js';
import type { ClassFilter, ClassKey, ClassPart, ClassSpec, TrafficClass } from './traffic-class.js';

/** The verbs of classes. @internal */
export class ClassTable extends WritableTable<TrafficClass, ClassSpec, ClassKey, ClassFilter, ClassPart> {
  constructor(clients: Pick<NetworkClients, 'tc'>, names: Names) {
    super(classModel(clients), names);
  }

  /** The classes of a link that is named are followed by its name, also before it exists. */
  override watch(filter: ClassFilter = {}): Observable<LiveChange<TrafficClass>> {
    const { link, ...rest } = copyOf('watch', filter) as ClassFilter;
    if (typeof link !== 'string') return super.watch({ ...rest, ...(link !== undefined && { link }) });
    return watchByLink(this.names.live, link, (linkIndex) => super.watch({ ...rest, linkIndex }));
  }

  // A class may be below an earlier one, which has to exist before.
  override addMany(specs: Iterable<ClassSpec>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('addMany', options);
    return this.each('addMany', specs, options, (spec) => this.add(spec).pipe(map(() => true)));
  }

  override ensureMany(specs: Iterable<ClassSpec>, options: EnsureOptions = {}): Observable<Many> {
    checkEnsureOptions('ensureMany', options);
    const { recreate = false, ...rest } = options;
    return this.ensureEach(specs, rest, recreate);
  }
}
