// Names that other rooms need and that no entry point exports.

export { watchCounted, type Counted } from './firewall/verbs/counted.js';
export { elementsOfRows, elementText } from './firewall/objects/element.js';
export { familyOf } from './firewall/objects/hooks.js';
export { layoutOfRow, type SetLayout } from './firewall/objects/set-layout.js';
export { trafficStatistics } from './traffic/statistics.js';
