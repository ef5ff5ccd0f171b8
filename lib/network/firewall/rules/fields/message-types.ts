/** Fields that only some messages of ICMP have, with the types of these messages. @internal */
export const MESSAGE_TYPES: Readonly<Record<string, readonly string[]>> = {
  'icmp.id': ['echo-reply', 'echo-request'],
  'icmp.sequence': ['echo-reply', 'echo-request'],
  'icmp.gateway': ['redirect'],
  'icmp.mtu': ['destination-unreachable'],
  'icmpv6.parameter-problem': ['parameter-problem'],
  'icmpv6.mtu': ['packet-too-big'],
  'icmpv6.id': ['echo-request', 'echo-reply'],
  'icmpv6.sequence': ['echo-request', 'echo-reply'],
  'icmpv6.max-delay': ['mld-listener-query'],
  'icmpv6.taddr': [
    'mld-listener-query',
    'mld-listener-report',
    'mld-listener-done',
    'nd-neighbor-solicit',
    'nd-neighbor-advert',
    'nd-redirect',
  ],
  'icmpv6.daddr': ['nd-redirect'],
};

/** Returns true for the field with the type of a message. @internal */
export const isMessageType = (name: string): boolean => name === 'icmp.type' || name === 'icmpv6.type';
