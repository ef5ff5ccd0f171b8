import { addressModel } from '../addresses/address-model.js';
import { classModel } from '../classes/class-model.js';
import type { NetworkClients } from '../clients.js';
import { fdbModel } from '../fdb/fdb-model.js';
import { filterModel } from '../filters/filter-model.js';
import { linkModel } from '../links/link-model.js';
import type { RouteNames } from '../names/route-names.js';
import { neighbourModel } from '../neighbours/neighbour-model.js';
import { nexthopModel } from '../nexthops/nexthop-model.js';
import { qdiscModel } from '../qdiscs/qdisc-model.js';
import { routeModel } from '../routes/route-model.js';
import { ruleModel } from '../rules/rule-model.js';
import type { DocumentModels } from './plan/planned-change.js';

/** Returns the models of all tables that a document writes. @internal */
export function documentModels(clients: NetworkClients, words: RouteNames): DocumentModels {
  const context = { ...clients, ...words };
  const models = {
    links: linkModel(clients),
    addresses: addressModel(clients),
    routes: routeModel(clients, words),
    rules: ruleModel(context),
    nexthops: nexthopModel(context),
    neighbours: neighbourModel(context),
    fdb: fdbModel(clients),
    qdiscs: qdiscModel(context),
    classes: classModel(context),
    filters: filterModel(context),
  };
  return models as unknown as DocumentModels;
}
