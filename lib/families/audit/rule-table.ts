import type { AuditArch, AuditComparedId, AuditFileType, AuditNumberField, AuditOperator, AuditRuleList, AuditTextField } from './rule.js';

/** The numbers of `AUDIT_FILTER_*`. @internal */
export const LISTS: Readonly<Record<AuditRuleList, number>> = { user: 0, task: 1, exit: 4, exclude: 5, filesystem: 6, io_uring: 7 };

/** `AUDIT_NEVER`, `AUDIT_ALWAYS`. @internal */
export const ACTIONS = { never: 0, always: 2 } as const;

/** `AUDIT_FILTER_PREPEND`. @internal */
export const PREPEND = 0x10;

/** `AUDIT_EQUAL` and so on. @internal */
export const OPERATORS: Readonly<Record<AuditOperator, number>> = {
  '&': 0x0800_0000,
  '<': 0x1000_0000,
  '>': 0x2000_0000,
  '!=': 0x3000_0000,
  '=': 0x4000_0000,
  '&=': 0x4800_0000,
  '<=': 0x5000_0000,
  '>=': 0x6000_0000,
};

/** The form of a field's value. @internal */
export type FieldForm = 'number' | 'signed' | 'text' | 'arch' | 'msgtype' | 'perm' | 'filetype' | 'field_compare';

/** The operators that the kernel accepts for a field: every one, no tests of bits, or equality only. @internal */
export type FieldOperators = 'all' | 'compare' | 'equal';

/** A field of rules. @internal */
export interface FieldEntry {
  readonly number: number;
  readonly form: FieldForm;
  readonly operators: FieldOperators;
}

type NamedField = AuditNumberField | AuditTextField | Exclude<FieldForm, 'number' | 'signed' | 'text'>;

const entry = (number: number, form: FieldForm, operators: FieldOperators): FieldEntry => ({ number, form, operators });
const id = (number: number): FieldEntry => entry(number, 'number', 'compare');
const label = (number: number): FieldEntry => entry(number, 'text', 'equal');

/** `AUDIT_PID` and so on; the operators are those of the kernel's audit_field_valid(). @internal */
export const FIELDS: Readonly<Record<NamedField, FieldEntry>> = {
  pid: id(0),
  uid: id(1),
  euid: id(2),
  suid: id(3),
  fsuid: id(4),
  gid: id(5),
  egid: id(6),
  sgid: id(7),
  fsgid: id(8),
  auid: id(9),
  pers: entry(10, 'number', 'all'),
  arch: entry(11, 'arch', 'equal'),
  msgtype: entry(12, 'msgtype', 'compare'),
  subj_user: label(13),
  subj_role: label(14),
  subj_type: label(15),
  subj_sen: entry(16, 'text', 'compare'),
  subj_clr: entry(17, 'text', 'compare'),
  ppid: id(18),
  obj_user: label(19),
  obj_role: label(20),
  obj_type: label(21),
  obj_lev_low: entry(22, 'text', 'compare'),
  obj_lev_high: entry(23, 'text', 'compare'),
  loginuid_set: entry(24, 'number', 'equal'),
  sessionid: id(25),
  fstype: entry(26, 'number', 'equal'),
  devmajor: id(100),
  devminor: entry(101, 'number', 'all'),
  inode: id(102),
  exit: entry(103, 'signed', 'compare'),
  success: id(104),
  path: label(105),
  perm: entry(106, 'perm', 'equal'),
  dir: label(107),
  filetype: entry(108, 'filetype', 'equal'),
  obj_uid: id(109),
  obj_gid: id(110),
  field_compare: entry(111, 'field_compare', 'equal'),
  exe: label(112),
  saddr_fam: id(113),
  a0: entry(200, 'number', 'all'),
  a1: entry(201, 'number', 'all'),
  a2: entry(202, 'number', 'all'),
  a3: entry(203, 'number', 'all'),
  key: label(210),
};

/** `AUDIT_ARCH_*`: the machine of ELF, and bits for 64 bits and little endian. @internal */
export const ARCHES: Readonly<Record<AuditArch, number>> = {
  x86_64: 0xc000_003e,
  i386: 0x4000_0003,
  aarch64: 0xc000_00b7,
  arm: 0x4000_0028,
  armeb: 0x0000_0028,
  riscv64: 0xc000_00f3,
  riscv32: 0x4000_00f3,
  loongarch64: 0xc000_0102,
  s390x: 0x8000_0016,
  s390: 0x0000_0016,
  ppc: 0x0000_0014,
  ppc64: 0x8000_0015,
  ppc64le: 0xc000_0015,
  mips: 0x0000_0008,
  mipsel: 0x4000_0008,
  mips64: 0x8000_0008,
  mipsel64: 0xc000_0008,
};

/** `S_IFSOCK` and so on. @internal */
export const FILE_TYPES: Readonly<Record<AuditFileType, number>> = {
  socket: 0o140000,
  link: 0o120000,
  file: 0o100000,
  block: 0o060000,
  dir: 0o040000,
  character: 0o020000,
  fifo: 0o010000,
};

/** `AUDIT_PERM_*`, in the order in which auditctl prints them. @internal */
export const PERMISSIONS: readonly (readonly [letter: string, bit: number])[] = [
  ['r', 4],
  ['w', 2],
  ['x', 1],
  ['a', 8],
];

/** The pairs of `AUDIT_COMPARE_*`; the first has number 1. @internal */
export const COMPARISONS: readonly (readonly [AuditComparedId, AuditComparedId])[] = [
  ['uid', 'obj_uid'],
  ['gid', 'obj_gid'],
  ['euid', 'obj_uid'],
  ['egid', 'obj_gid'],
  ['auid', 'obj_uid'],
  ['suid', 'obj_uid'],
  ['sgid', 'obj_gid'],
  ['fsuid', 'obj_uid'],
  ['fsgid', 'obj_gid'],
  ['uid', 'auid'],
  ['uid', 'euid'],
  ['uid', 'fsuid'],
  ['uid', 'suid'],
  ['auid', 'fsuid'],
  ['auid', 'suid'],
  ['auid', 'euid'],
  ['euid', 'suid'],
  ['euid', 'fsuid'],
  ['suid', 'fsuid'],
  ['gid', 'egid'],
  ['gid', 'fsgid'],
  ['gid', 'sgid'],
  ['egid', 'fsgid'],
  ['egid', 'sgid'],
  ['sgid', 'fsgid'],
];

/** Returns the key of a value in a table. @internal */
export function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, number: number): Name | undefined {
  return (Object.keys(table) as Name[]).find((name) => table[name] === number);
}
