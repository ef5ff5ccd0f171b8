import { familyFactory, type FamilyFactory } from '../client/index.js';
import { cnProcSchema, type CnProcFamily } from './generated/cn_proc.js';

export * from './generated/cn_proc.js';
export { ProcessEvents, processEvents, type ProcessEventsOptions } from './tasks/process-events.js';
export type { ProcessEventName } from './tasks/event-names.js';

/** Events of processes. {@link processEvents} asks the kernel for them. @public */
export const cnProc: FamilyFactory<CnProcFamily> = familyFactory(cnProcSchema);
