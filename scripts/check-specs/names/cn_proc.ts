import type { HeaderNames } from '../header-names.js';

/** Two structs of the headers, one directly behind the other. */
const behind = (data: string): string => `struct __attribute__((packed)) { struct cn_msg cn; ${data} data; }`;

/** The members of `struct cn_msg` in a struct that begins with it. */
const connector = (struct: string): Record<string, string> => ({
  ...Object.fromEntries(['idx', 'val'].map((member) => [`${struct}/${member}`, `cn.id.${member}`])),
  ...Object.fromEntries(['seq', 'ack', 'len', 'flags'].map((member) => [`${struct}/${member}`, `cn.${member}`])),
});

export const cnProcNames: HeaderNames = {
  headers: ['linux/netlink.h', 'linux/connector.h', 'linux/cn_proc.h'],
  structs: {
    'cn-control': behind('enum proc_cn_mcast_op'),
    'cn-control-events': behind('struct proc_input'),
    'cn-event': behind('struct proc_event'),
    'ack-proc-event': '__typeof__(((struct proc_event *)0)->event_data.ack)',
    'uid-proc-event': 'struct id_proc_event',
    'gid-proc-event': 'struct id_proc_event',
  },
  enums: {
    'proc-cn-mcast-op': 'PROC_CN_MCAST_',
    'proc-cn-event': 'PROC_EVENT_',
    'event-mask': 'PROC_EVENT_',
  },
  sets: {},
  operations: { prefix: 'NLMSG_' },
  groups: 'CN_IDX_',
  names: {
    ...connector('cn-control'),
    ...connector('cn-control-events'),
    ...connector('cn-event'),
    'cn-control/mcast-op': 'data',
    'cn-control-events/mcast-op': 'data.mcast_op',
    'cn-control-events/event-type': 'data.event_type',
    'cn-event/what': 'data.what',
    'cn-event/cpu': 'data.cpu',
    'cn-event/timestamp-ns': 'data.timestamp_ns',
    'cn-event/data': 'data.event_data',
    'uid-proc-event/ruid': 'r.ruid',
    'uid-proc-event/euid': 'e.euid',
    'gid-proc-event/rgid': 'r.rgid',
    'gid-proc-event/egid': 'e.egid',
    'operation/control': 'NLMSG_DONE',
    'operation/control-events': 'NLMSG_DONE',
    'operation/process': 'NLMSG_DONE',
  },
};
