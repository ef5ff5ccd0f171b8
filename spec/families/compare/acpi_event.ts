import { expect } from 'chai';
import { acpiEventSchema } from '../../../lib/families/generated/acpi_event.js';
import type { FamilyComparer } from '../comparer.js';

export const comparer: FamilyComparer = {
  schema: acpiEventSchema,
  compare({ shown, events }) {
    const rows = (shown as readonly Readonly<Record<string, unknown>>[]).map(({ class: deviceClass, device, type, data }) => ({
      event: { deviceClass, busId: device, type, data },
    }));
    expect(events).to.deep.equal(rows);
  },
};
