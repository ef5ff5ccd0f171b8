import { familyFactory, type FamilyFactory } from '../client/index.js';
import { tcmuSchema, type TcmuFamily } from './generated/tcmu.js';

export * from './generated/tcmu.js';

/** Devices of the SCSI target whose commands a process handles. The family is TCM-USER. @public */
export const tcmu: FamilyFactory<TcmuFamily> = familyFactory(tcmuSchema);
