import { familyFactory, type FamilyFactory } from '../client/index.js';
import { acpiEventSchema, type AcpiEventFamily } from './generated/acpi_event.js';

export * from './generated/acpi_event.js';

/** Events of ACPI. The family exists in the first network namespace only. @public */
export const acpiEvent: FamilyFactory<AcpiEventFamily> = familyFactory(acpiEventSchema);
