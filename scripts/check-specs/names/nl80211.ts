import type { HeaderNames } from '../header-names.js';

export const nl80211Names: HeaderNames = {
  headers: ['linux/nl80211.h'],
  structs: {
    'sta-flag-update': 'struct nl80211_sta_flag_update',
  },
  enums: {
    commands: 'NL80211_CMD_',
    'feature-flags': 'NL80211_FEATURE_',
    'channel-type': 'NL80211_CHAN_',
    'protocol-features': 'NL80211_PROTOCOL_FEATURE_',
  },
  sets: {
    'nl80211-attrs': 'NL80211_ATTR_',
    'wiphy-bands': 'NL80211_BAND_',
    'band-attrs': 'NL80211_BAND_ATTR_',
    'bitrate-attrs': 'NL80211_BITRATE_ATTR_',
    'frequency-attrs': 'NL80211_FREQUENCY_ATTR_',
    'if-combination-attributes': 'NL80211_IFACE_COMB_',
    'iface-limit-attributes': 'NL80211_IFACE_LIMIT_',
    'iftype-data-attrs': 'NL80211_BAND_IFTYPE_ATTR_',
    'iftype-attrs': 'NL80211_IFTYPE_',
    'sar-attributes': 'NL80211_SAR_ATTR_',
    'sar-specs': 'NL80211_SAR_ATTR_SPECS_',
    'supported-iftypes': 'NL80211_IFTYPE_',
    'txq-stats-attrs': 'NL80211_TXQ_STATS_',
    'wmm-attrs': 'NL80211_WMMR_',
    'wowlan-triggers-attrs': 'NL80211_WOWLAN_TRIG_',
  },
  operations: {
    prefix: 'NL80211_CMD_',
    replies: [['GET_', 'NEW_']],
  },
  names: {
    'reply/get-protocol-features': 'NL80211_CMD_GET_PROTOCOL_FEATURES',
    'commands/unexpected-4-addr-frame': 'NL80211_CMD_UNEXPECTED_4ADDR_FRAME',
    'frequency-attrs/no-ibss': '__NL80211_FREQUENCY_ATTR_NO_IBSS',
    'feature-flags/no-random-mac-addr': 'NL80211_FEATURE_ND_RANDOM_MAC_ADDR',
  },
};
