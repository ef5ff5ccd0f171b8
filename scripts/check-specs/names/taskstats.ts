import type { HeaderNames } from '../header-names.js';

export const taskstatsNames: HeaderNames = {
  headers: ['linux/taskstats.h', 'linux/cgroupstats.h', 'linux/acct.h', 'linux/sched.h', 'linux/time_types.h'],
  structs: { 'kernel-timespec': 'struct __kernel_timespec' },
  enums: { 'acct-flags': 'A', sched: 'SCHED_' },
  sets: {
    request: 'TASKSTATS_CMD_ATTR_',
    listener: 'TASKSTATS_CMD_ATTR_',
    aggregate: 'TASKSTATS_TYPE_',
    reply: 'TASKSTATS_TYPE_',
    'cgroup-request': 'CGROUPSTATS_CMD_ATTR_',
    'cgroup-reply': 'CGROUPSTATS_TYPE_',
  },
  operations: { prefix: 'TASKSTATS_CMD_', replies: [['GET', 'NEW']] },
  names: {
    'operation/register': 'TASKSTATS_CMD_GET',
    'operation/exit': 'TASKSTATS_CMD_NEW',
    'operation/cgroup-get': 'CGROUPSTATS_CMD_GET',
    'reply/cgroup-get': 'CGROUPSTATS_CMD_NEW',
  },
};
