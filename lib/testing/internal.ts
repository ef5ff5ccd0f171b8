// Names that other rooms need and that no entry point exports.

export { HOST_ORDER } from './capture/capture-order.js';
export {
  completeRecords,
  FILE_HEADER,
  isPcap,
  LENGTH,
  readPcapHeader,
  readPcapRecords,
  RECORD_HEADER,
  type PcapHeader,
} from './capture/pcap.js';
export { timeline } from './capture/replay.js';
