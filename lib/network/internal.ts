// Names that other rooms need and that no entry point exports.

export { readCounters } from './firewall/verbs/read-counters.js';
export { watchCounted, type Counted } from './firewall/verbs/counted.js';
export { elementsOfRows, elementText } from './firewall/objects/element.js';
export { familyOf } from './firewall/objects/hooks.js';
export { layoutOfRow, type SetLayout } from './firewall/objects/set-layout.js';
export { trafficStatistics } from './traffic/statistics.js';
export { closeClients, networkClients } from './clients.js';
export { type FieldError } from './common/field-error.js';
export { stateOf } from './links/link-rows.js';
export { LinkNames } from './names/link-names.js';
export { routeNames } from './names/route-names.js';
export { isThere } from './namespaces/read-namespaces.js';
export { type TableModel } from './tables/table-model.js';
export { fits, readFilter } from './tables/where.js';
