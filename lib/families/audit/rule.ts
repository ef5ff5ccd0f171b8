/** The lists of rules (`AUDIT_FILTER_*`). @public */
export type AuditRuleList = 'user' | 'task' | 'exit' | 'exclude' | 'filesystem' | 'io_uring';

/** The operators of fields. `&` tests whether any bit is set, `&=` whether all are. @public */
export type AuditOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '&' | '&=';

/** The fields whose values are numbers. The kernel's comparison is unsigned, except that of `exit`. @public */
export type AuditNumberField =
  | ('pid' | 'ppid' | 'uid' | 'euid' | 'suid' | 'fsuid' | 'gid' | 'egid' | 'sgid' | 'fsgid' | 'auid' | 'obj_uid' | 'obj_gid')
  | ('pers' | 'sessionid' | 'loginuid_set' | 'devmajor' | 'devminor' | 'inode' | 'exit' | 'success' | 'saddr_fam' | 'fstype')
  | ('a0' | 'a1' | 'a2' | 'a3');

/** The fields whose values are text. @public */
export type AuditTextField =
  | ('subj_user' | 'subj_role' | 'subj_type' | 'subj_sen' | 'subj_clr')
  | ('obj_user' | 'obj_role' | 'obj_type' | 'obj_lev_low' | 'obj_lev_high')
  | ('path' | 'dir' | 'exe' | 'key');

/** The architectures of system calls (`AUDIT_ARCH_*`). @public */
export type AuditArch =
  | ('x86_64' | 'i386' | 'aarch64' | 'arm' | 'armeb' | 'riscv64' | 'riscv32' | 'loongarch64' | 's390x' | 's390')
  | ('ppc' | 'ppc64' | 'ppc64le' | 'mips' | 'mipsel' | 'mips64' | 'mipsel64');

/** The types of files. @public */
export type AuditFileType = 'socket' | 'link' | 'file' | 'block' | 'dir' | 'character' | 'fifo';

/** The user and group IDs that `field_compare` compares. @public */
export type AuditComparedId = 'uid' | 'euid' | 'suid' | 'fsuid' | 'auid' | 'obj_uid' | 'gid' | 'egid' | 'sgid' | 'fsgid' | 'obj_gid';

/** One condition of a rule. @public */
export type AuditRuleField =
  | { readonly field: AuditNumberField; readonly operator: AuditOperator; readonly value: number }
  | { readonly field: AuditTextField; readonly operator: AuditOperator; readonly value: string }
  | { readonly field: 'arch'; readonly operator: AuditOperator; readonly value: AuditArch | number }
  /** The name of a type of records, e.g. `'USER_LOGIN'`. */
  | { readonly field: 'msgtype'; readonly operator: AuditOperator; readonly value: string | number }
  /** Any of the letters r (read), w (write), x (execute) and a (attribute change). */
  | { readonly field: 'perm'; readonly operator: AuditOperator; readonly value: string }
  | { readonly field: 'filetype'; readonly operator: AuditOperator; readonly value: AuditFileType | number }
  /** Two IDs of the process, or one of the process and one of the object. */
  | {
      readonly field: 'field_compare';
      readonly operator: AuditOperator;
      readonly value: readonly [AuditComparedId, AuditComparedId] | number;
    }
  /** A field that this version does not name, by its number. */
  | { readonly field: number; readonly operator: AuditOperator; readonly value: number };

/**
 * A rule of the audit subsystem, in words.
 *
 * @example Record every execution of a program by user 1000
 * ```ts
 * const rule: AuditRule = {
 *   list: 'exit', action: 'always', syscalls: [59],
 *   fields: [
 *     { field: 'arch', operator: '=', value: 'x86_64' },
 *     { field: 'uid', operator: '=', value: 1000 },
 *     { field: 'key', operator: '=', value: 'programs' },
 *   ],
 * };
 * ```
 * @public
 */
export interface AuditRule {
  /** When the kernel checks the rule: its list, e.g. `exit` for system calls. */
  readonly list: AuditRuleList;
  /** The treatment of what the rule matches: the kernel records it, or it does not. */
  readonly action: 'never' | 'always';
  /** Puts a new rule in front of the others of its list. The kernel does not list it. */
  readonly prepend?: boolean;
  /**
   * The system calls by number, or `'all'`; numbers of io_uring operations for the list `io_uring`. The lists `exit` and `io_uring` need
   * it. In the others only `'all'` is possible, and the kernel ignores it; rules of auditctl have it. `arch` decides the meaning of the
   * numbers.
   */
  readonly syscalls?: 'all' | readonly number[];
  /** The conditions; all must be met. */
  readonly fields: readonly AuditRuleField[];
}
