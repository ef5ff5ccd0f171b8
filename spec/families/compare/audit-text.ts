import type { AuditRule, AuditRuleField } from '../../../lib/families/audit.js';

/** The names of system calls of x86_64 (arch/x86/entry/syscalls/syscall_64.tbl). */
const CALLS: Readonly<Record<number, string>> = { 2: 'open', 59: 'execve', 87: 'unlink', 257: 'openat', 263: 'unlinkat' };

/** Returns the arguments of auditctl that describe a rule as `auditctl -l` prints it. */
export function auditctlLine({ list, action, syscalls, fields }: AuditRule): string {
  const print = ({ field, operator, value }: AuditRuleField): string => {
    if (field === 'arch') return `-F arch${operator}${value === 'x86_64' || value === 'aarch64' ? 'b64' : String(value)}`;
    if (field === 'field_compare')
      return `-C ${String((value as readonly string[])[0])}${operator}${String((value as readonly string[])[1])}`;
    // S_IFDIR
    if (field === 'filetype') return `-F filetype${operator}${value === 'dir' ? '16384' : String(value)}`;
    if (field === 'auid' && value === 0xffff_ffff) return `-F auid${operator}-1`;
    if (field === 'exit' && value === -13) return `-F exit${operator}-EACCES`;
    if (field === 'a0' || field === 'a1') return `-F ${field}${operator}0x${value.toString(16).toUpperCase()}`;
    return `-F ${String(field)}${operator}${String(value)}`;
  };
  const printed = fields.map((field) => [field.field, print(field)] as const);
  const arch = printed.filter(([field]) => field === 'arch').map(([, text]) => text);
  const rest = printed.filter(([field]) => field !== 'arch').map(([, text]) => text);
  const calls =
    list !== 'exit'
      ? []
      : syscalls === 'all'
        ? ['-S all']
        : [`-S ${(syscalls as readonly number[]).map((number) => CALLS[number]).join(',')}`];
  return [`-a ${action},${list}`, ...arch, ...calls, ...rest].join(' ');
}
