import { NfCtStatus, type GetReply } from '../../../families/conntrack.js';
import { endOf, protocolOf } from '../../listings/tables/connections.js';
import { notes, words, type Sentence } from './sentence.js';

/** `connection tcp 10.0.0.1:4000 to 10.0.0.2:80 started`. The kernel sends the same message for a new connection and for a changed one. */
export const connection: Sentence<GetReply> = (value, { operation, created }) => {
  const { tupleOrig, protoinfo, status = 0, mark, zone } = value;
  const state = protoinfo?.protoinfoTcp?.tcpState;
  return words(
    'connection',
    protocolOf(tupleOrig),
    endOf(tupleOrig, 'Src'),
    'to',
    endOf(tupleOrig, 'Dst'),
    zone !== undefined && `in zone ${String(zone)}`,
    operation === 'delete' ? 'ended' : created === true ? 'started' : 'changed',
    operation === 'new' &&
      notes([
        state !== undefined && String(state),
        (status & NfCtStatus.Assured) !== 0 && 'assured',
        mark !== undefined && mark !== 0 && `mark ${String(mark)}`,
      ]),
  );
};
