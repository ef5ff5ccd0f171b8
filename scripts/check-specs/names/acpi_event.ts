import type { HeaderNames } from '../header-names.js';

export const acpiEventNames: HeaderNames = {
  headers: [],
  sets: { acpi: 'ACPI_GENL_ATTR_' },
  operations: { prefix: 'ACPI_GENL_CMD_' },
};
