// Names that other rooms need and that no entry point exports.

export { HOST_ORDER } from './capture/capture-order.js';
export { isPcap } from './capture/pcap.js';
export { timeline } from './capture/replay.js';
