import { boolean } from '../../../fields/check.js';
import { computed, number } from '../../../fields/option.js';
import { joinBits, splitBits, type Bits } from '../bits.js';
import type { Kind } from '../kind.js';

/** The options of a channel of a Qualcomm modem (`IFLA_RMNET_*`). `parent` is the link of the modem. @public */
export interface RmnetOptions {
  /** The number of the channel, 0 to 254 (`IFLA_RMNET_MUX_ID`). */
  readonly muxId?: number;
  /** The modem sends several packets in one frame (`RMNET_FLAGS_INGRESS_DEAGGREGATION`). */
  readonly deaggregation?: boolean;
  /** The modem sends commands of flow control (`RMNET_FLAGS_INGRESS_MAP_COMMANDS`). */
  readonly commands?: boolean;
  /** Received packets have a checksum in a header of version 4 (`RMNET_FLAGS_INGRESS_MAP_CKSUMV4`). */
  readonly receiveChecksum4?: boolean;
  /** Sent packets have a checksum in a header of version 4 (`RMNET_FLAGS_EGRESS_MAP_CKSUMV4`). */
  readonly sendChecksum4?: boolean;
  /** Received packets have a checksum in a header of version 5 (`RMNET_FLAGS_INGRESS_MAP_CKSUMV5`). */
  readonly receiveChecksum5?: boolean;
  /** Sent packets have a checksum in a header of version 5 (`RMNET_FLAGS_EGRESS_MAP_CKSUMV5`). */
  readonly sendChecksum5?: boolean;
}

/** `RMNET_FLAGS_*` (uapi/linux/if_link.h). */
const FLAGS: Bits = {
  deaggregation: 1,
  commands: 2,
  receiveChecksum4: 4,
  sendChecksum4: 8,
  receiveChecksum5: 16,
  sendChecksum5: 32,
};

/** The kind `rmnet`. @internal */
export const rmnet: Kind<RmnetOptions> = {
  options: {
    muxId: number('muxId', 254),
    deaggregation: computed('deaggregation', boolean),
    commands: computed('commands', boolean),
    receiveChecksum4: computed('receiveChecksum4', boolean),
    sendChecksum4: computed('sendChecksum4', boolean),
    receiveChecksum5: computed('receiveChecksum5', boolean),
    sendChecksum5: computed('sendChecksum5', boolean),
  },
  needs: ['parent', 'rmnet.muxId'],
  fromData: (data) => splitBits(data, (data['flags'] as { readonly flags: number } | undefined)?.flags, FLAGS),
  toData: (data) => {
    const { value, mask, others } = joinBits(data, FLAGS);
    return mask === 0 ? others : { ...others, flags: { flags: value, mask } };
  },
};
