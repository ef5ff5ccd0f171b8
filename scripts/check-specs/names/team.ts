import type { HeaderNames } from '../header-names.js';

export const teamNames: HeaderNames = {
  headers: ['linux/if_team.h'],
  sets: {
    team: 'TEAM_ATTR_',
    'item-option': 'TEAM_ATTR_ITEM_',
    'attr-option': 'TEAM_ATTR_OPTION_',
    'item-port': 'TEAM_ATTR_ITEM_',
    'attr-port': 'TEAM_ATTR_PORT_',
  },
  operations: {
    prefix: 'TEAM_CMD_',
  },
};
