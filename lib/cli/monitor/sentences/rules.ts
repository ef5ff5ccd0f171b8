import type { GetruleReply } from '../../../families/rt-rule.js';
import { tableName } from './routes.js';
import { verbOf, words, type Sentence } from './sentence.js';

/** AF_INET6. */
const AF_INET6 = 10;

/** `rule 100 from 10.0.0.0/8 to table main added`. */
export const rule: Sentence<GetruleReply> = (value, event) => {
  const { family, priority = 0, src, srcLen, dst, dstLen, iifname, oifname, fwmark, ipProto, action, table, goto } = value;
  return words(
    family === AF_INET6 ? 'IPv6 rule' : 'rule',
    priority,
    src !== undefined && `from ${src}/${String(srcLen)}`,
    dst !== undefined && `to ${dst}/${String(dstLen)}`,
    iifname !== undefined && `in at ${iifname}`,
    oifname !== undefined && `out at ${oifname}`,
    fwmark !== undefined && `mark ${String(fwmark)}`,
    ipProto !== undefined && `protocol ${String(ipProto)}`,
    action === 'to-tbl' ? `uses table ${tableName(table)}` : words(String(action), goto),
    verbOf(event),
  );
};
