import type { HeaderNames } from '../header-names.js';

export const auditNames: HeaderNames = {
  headers: ['linux/audit.h'],
  enums: {
    'status-mask': 'AUDIT_STATUS_',
    failure: 'AUDIT_FAIL_',
    'feature-bitmap': 'AUDIT_FEATURE_BITMAP_',
  },
  sets: {},
  operations: { prefix: 'AUDIT_' },
  names: {
    'feature/only-unset-loginuid': 'AUDIT_FEATURE_TO_MASK(AUDIT_FEATURE_ONLY_UNSET_LOGINUID)',
    'feature/loginuid-immutable': 'AUDIT_FEATURE_TO_MASK(AUDIT_FEATURE_LOGINUID_IMMUTABLE)',
  },
};
