// Names that other rooms need and that no entry point exports.

export { HOST_ORDER } from './capture/capture-order.js';
export { isPcap, readPcap, type PcapPart } from './capture/pcap.js';
export { timeline } from './capture/replay.js';
