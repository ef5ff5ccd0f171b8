import { FieldError } from '../../common/field-error.js';
import { integer, shown, text, type Check } from '../../fields/check.js';
import { computed, number, toggle, words, type Option } from '../../fields/option.js';
import type { Kind } from './kind.js';

/** The cipher of a MACsec link. @public */
export type MacsecCipher = 'gcm-aes-128' | 'gcm-aes-256' | 'gcm-aes-xpn-128' | 'gcm-aes-xpn-256';

/** The options of a MACsec link (`IFLA_MACSEC_*`). `parent` is the link that carries it. The family `macsec` has the keys. @public */
export interface MacsecOptions {
  /** The number that makes the identifier unique on its MAC address, at the creation only (`IFLA_MACSEC_PORT`). */
  readonly port?: number;
  /** The identifier of the channel, 16 hexadecimal digits: MAC address and port; at the creation only (`IFLA_MACSEC_SCI`). */
  readonly sci?: string;
  /** The length of the integrity check value in bytes, 8 to 16; at the creation only (`IFLA_MACSEC_ICV_LEN`). */
  readonly icvLength?: number;
  /** The cipher, at the creation only (`IFLA_MACSEC_CIPHER_SUITE`). */
  readonly cipher?: MacsecCipher;
  /** The association that sends, 0 to 3 (`IFLA_MACSEC_ENCODING_SA`). */
  readonly encodingSa?: number;
  /** Sent packets are encrypted (`IFLA_MACSEC_ENCRYPT`). */
  readonly encrypt?: boolean;
  /** Sent packets are protected (`IFLA_MACSEC_PROTECT`). */
  readonly protect?: boolean;
  /** Sent packets have the identifier of the channel (`IFLA_MACSEC_INC_SCI`). */
  readonly sendSci?: boolean;
  /** The end station bit; without `sendSci` (`IFLA_MACSEC_ES`). */
  readonly endStation?: boolean;
  /** The single copy broadcast bit; without `sendSci` (`IFLA_MACSEC_SCB`). */
  readonly singleCopyBroadcast?: boolean;
  /** Received packets are checked for replays (`IFLA_MACSEC_REPLAY_PROTECT`). */
  readonly replayProtect?: boolean;
  /** The number of packets that may arrive late; needs `replayProtect` (`IFLA_MACSEC_WINDOW`). */
  readonly window?: number;
  /** The treatment of packets that are not valid (`IFLA_MACSEC_VALIDATION`). */
  readonly validation?: 'disabled' | 'check' | 'strict' | number;
  /** The device that does the work (`IFLA_MACSEC_OFFLOAD`). */
  readonly offload?: 'off' | 'phy' | 'mac' | number;
}

/** MACSEC_CIPHER_ID_*; the default has a second number. */
const CIPHERS: Readonly<Record<MacsecCipher, bigint>> = {
  'gcm-aes-128': 0x0080_c200_0100_0001n,
  'gcm-aes-256': 0x0080_c200_0100_0002n,
  'gcm-aes-xpn-128': 0x0080_c200_0100_0003n,
  'gcm-aes-xpn-256': 0x0080_c200_0100_0004n,
};
const DEFAULT_CIPHER = 0x0080_0200_0100_0001n;

const NAMES = Object.keys(CIPHERS) as MacsecCipher[];

const cipher: Option = {
  attribute: 'cipherSuite',
  check: (value, path) => {
    if ((NAMES as readonly unknown[]).includes(value)) return value;
    throw new FieldError(path, `expected ${NAMES.map((name) => `'${name}'`).join(', ')}, not ${shown(value)}`);
  },
  read: (value) => (value === DEFAULT_CIPHER ? 'gcm-aes-128' : NAMES.find((name) => CIPHERS[name] === value)),
  write: (value) => CIPHERS[value as MacsecCipher],
  fixed: true,
};

const sciText: Check<string> = (value, path) => {
  const digits = text(16, 16)(value, path).toLowerCase();
  if (/^[0-9a-f]{16}$/.test(digits)) return digits;
  throw new FieldError(path, `expected 16 hexadecimal digits, not ${shown(value)}`);
};

/** The kind `macsec`. @internal */
export const macsec: Kind<MacsecOptions> = {
  options: {
    port: computed('port', integer(1, 0xffff), { fixed: true }),
    sci: {
      attribute: 'sci',
      check: sciText,
      read: (value) => (value as bigint).toString(16).padStart(16, '0'),
      write: (value) => BigInt(`0x${String(value)}`),
      fixed: true,
    },
    icvLength: number('icvLen', 16, { fixed: true }, 8),
    cipher,
    encodingSa: number('encodingSa', 3),
    encrypt: toggle('encrypt'),
    protect: toggle('protect'),
    sendSci: toggle('incSci'),
    endStation: toggle('es'),
    singleCopyBroadcast: toggle('scb'),
    replayProtect: toggle('replayProtect'),
    window: number('window'),
    validation: words('validation', ['disabled', 'check', 'strict']),
    offload: words('offload', ['off', 'phy', 'mac'], { initial: 'off' }),
  },
  needs: ['parent'],
  fromData: (data) => (typeof data['sci'] === 'bigint' ? { ...data, port: Number(data['sci'] & 0xffffn) } : data),
  // Without the identifier in its packets, it follows from MAC address and port: the kernel rejects another one (EINVAL).
  toData: ({ sci: own, ...data }) => (own === undefined || data['incSci'] === 0 ? data : { ...data, sci: own }),
};
