import type { DevlinkAttributes, DlResourceAttributes } from '../../../lib/families/generated/devlink.js';

/*
 * Rows as `devlink -j` prints them, with the names of iproute2's devlink/devlink.c.
 */

type Shown = Readonly<Record<string, unknown>>;
/** An object of a device, and its printed values. */
export type ShownObject = readonly [object: string, Shown];

/** The text that devlink prints for an unlimited value. */
const UNLIMITED = 0xffff_ffff_ffff_ffffn;

function handle({ busName, devName }: DevlinkAttributes): string {
  return `${busName!}/${devName!}`;
}

function maybe(name: string, value: unknown): Shown {
  return value === undefined ? {} : { [name]: typeof value === 'bigint' ? Number(value) : value };
}

/** `devlink port show`. */
export function portRow(port: DevlinkAttributes): ShownObject {
  const isVirtualFunction = port.portFlavour === 'pci-vf';
  return [
    `${handle(port)}/${port.portIndex!}`,
    {
      type: port.portType,
      netdev: port.portNetdevName,
      flavour: isVirtualFunction ? 'pcivf' : port.portFlavour,
      ...maybe('port', port.portNumber),
      ...(isVirtualFunction
        ? {
            controller: port.portControllerNumber,
            pfnum: port.portPciPfNumber,
            vfnum: port.portPciVfNumber,
            external: port.portExternal === 1,
          }
        : {}),
      splittable: port.portSplittable === 1,
    },
  ];
}

/** `devlink dev info`. */
export function infoRow(info: DevlinkAttributes): ShownObject {
  const versions = (list: DevlinkAttributes['infoVersionRunning'] = []): Shown =>
    Object.fromEntries(list.map(({ infoVersionName, infoVersionValue }) => [infoVersionName!, infoVersionValue]));
  return [
    handle(info),
    { driver: info.infoDriverName, versions: { running: versions(info.infoVersionRunning), stored: versions(info.infoVersionStored) } },
  ];
}

/** `devlink dev param show`. A parameter without a value is a flag that is not set. */
export function parameterRow(row: DevlinkAttributes): ShownObject {
  const { paramName, paramGeneric, paramValuesList } = row.param!;
  return [
    handle(row),
    {
      name: paramName,
      type: paramGeneric === true ? 'generic' : 'driver-specific',
      values: paramValuesList!.paramValue!.map(({ paramValueCmode, paramValueData }) => ({
        cmode: paramValueCmode,
        value: paramValueData ?? false,
      })),
    },
  ];
}

/** `devlink resource show`: while a size change is pending, parents show whether their size is valid. */
export function resourceRows(list: readonly DlResourceAttributes[]): Shown[] {
  const isChanging = ({ resourceSizeNew, resourceList }: DlResourceAttributes): boolean =>
    resourceSizeNew !== undefined || (resourceList?.resource ?? []).some(isChanging);
  const pending = list.some(isChanging);
  return list.map((resource) => resourceRow(resource, pending));
}

function resourceRow(resource: DlResourceAttributes, pending: boolean): Shown {
  const size = (value: bigint | undefined): unknown => (value === UNLIMITED ? 'unlimited' : Number(value));
  const inner = resource.resourceList?.resource;
  return {
    name: resource.resourceName,
    size: size(resource.resourceSize),
    ...(resource.resourceSizeNew === undefined ? {} : { size_new: size(resource.resourceSizeNew) }),
    ...maybe('occ', resource.resourceOcc),
    unit: resource.resourceUnit,
    size_min: size(resource.resourceSizeMin),
    size_max: size(resource.resourceSizeMax),
    size_gran: size(resource.resourceSizeGran),
    dpipe_tables: 'none',
    ...(inner === undefined || !pending ? {} : { size_valid: String(resource.resourceSizeValid === 1) }),
    ...(inner === undefined ? {} : { resources: inner.map((each) => resourceRow(each, pending)) }),
  };
}

/** `devlink health show`, except the time of the dump, which devlink prints as local time. */
export function reporterRow(row: DevlinkAttributes): ShownObject {
  const reporter = row.healthReporter!;
  return [
    handle(row),
    {
      reporter: reporter.healthReporterName,
      state: reporter.healthReporterState === 0 ? 'healthy' : 'error',
      error: Number(reporter.healthReporterErrCount),
      recover: Number(reporter.healthReporterRecoverCount),
      ...maybe('grace_period', reporter.healthReporterGracefulPeriod),
      ...(reporter.healthReporterAutoRecover === undefined ? {} : { auto_recover: reporter.healthReporterAutoRecover === 1 }),
      ...(reporter.healthReporterAutoDump === undefined ? {} : { auto_dump: reporter.healthReporterAutoDump === 1 }),
    },
  ];
}

/** `devlink trap show`. */
export function trapRow(trap: DevlinkAttributes): ShownObject {
  return [
    handle(trap),
    {
      name: trap.trapName,
      type: trap.trapType,
      generic: trap.trapGeneric === true,
      action: trap.trapAction,
      group: trap.trapGroupName,
    },
  ];
}

function received({ statsRxBytes, statsRxPackets, statsRxDropped }: NonNullable<DevlinkAttributes['stats']>): Shown {
  return { ...maybe('bytes', statsRxBytes), ...maybe('packets', statsRxPackets), ...maybe('dropped', statsRxDropped) };
}

/** `devlink -s trap show`. */
export function countedTrapRow(trap: DevlinkAttributes): ShownObject {
  const [device, row] = trapRow(trap);
  return [device, { ...row, stats: { rx: received(trap.stats!) } }];
}

/** `devlink -s dev show`: the number of reloads, by action and limit (DEVLINK_RELOAD_LIMIT_*). */
export function deviceRow(device: DevlinkAttributes): ShownObject {
  const counts = (stats: NonNullable<DevlinkAttributes['devStats']>['reloadStats']): Shown =>
    Object.fromEntries(
      (stats?.reloadActionInfo ?? []).map(({ reloadAction, reloadActionStats = [] }) => [
        String(reloadAction).replace('-', '_'),
        Object.fromEntries(
          reloadActionStats
            .flatMap(({ reloadStatsEntry = [] }) => reloadStatsEntry)
            .map(({ reloadStatsLimit, reloadStatsValue }) => [['unspecified', 'no_reset'][reloadStatsLimit!], reloadStatsValue]),
        ),
      ]),
    );
  const { reloadStats, remoteReloadStats } = device.devStats ?? {};
  return [handle(device), { stats: { reload: counts(reloadStats), remote_reload: counts(remoteReloadStats) } }];
}

/** `devlink region read`: the chunks in order, under the keys that the capture numbers. */
export function regionData({ regionChunks }: DevlinkAttributes): Shown {
  const chunks = regionChunks!.regionChunk!.map(({ regionChunkAddr, regionChunkData }, index): Shown => {
    const number = index === 0 ? '' : `#${String(index)}`;
    return { [`address${number}`]: Number(regionChunkAddr), [`data${number}`]: [...regionChunkData!] };
  });
  return Object.assign({}, ...chunks) as Shown;
}

/** Converts a message of opened and closed nests to the object that devlink prints. */
export function messageObject(message: NonNullable<DevlinkAttributes['fmsg']> = []): unknown {
  const entries = message[Symbol.iterator]();
  let type: string | undefined;
  const nest = (): Record<string, unknown> | unknown[] => {
    const [object, list]: [Record<string, unknown>, unknown[]] = [{}, []];
    let name: string | undefined;
    const put = (value: unknown): void => {
      if (name === undefined) list.push(value);
      else object[name] = value;
    };
    for (let next = entries.next(); next.done !== true; next = entries.next()) {
      const entry = next.value;
      if (entry.fmsgNestEnd === true) break;
      if (entry.fmsgObjName !== undefined) name = entry.fmsgObjName;
      if (entry.fmsgObjValueType !== undefined) type = String(entry.fmsgObjValueType);
      if (entry.fmsgObjValueData !== undefined) put(messageValue(type, Buffer.from(entry.fmsgObjValueData)));
      if (entry.fmsgPairNestStart === true) Object.assign(object, nest());
      if (entry.fmsgObjNestStart === true) put(nest());
      if (entry.fmsgArrNestStart === true) put(([] as unknown[]).concat(nest()));
    }
    return Object.keys(object).length > 0 ? object : list.flat();
  };
  const [whole] = nest() as unknown[];
  return whole;
}

function messageValue(type: string | undefined, data: Buffer): unknown {
  switch (type) {
    case 'flag':
      return data[0] !== 0;
    case 'u8':
      return data[0];
    case 'u32':
      return data.readUInt32LE();
    case 'u64':
      return Number(data.readBigUInt64LE());
    case 'nul-string':
      return data.toString().replace(/\0$/, '');
    default:
      return [...data];
  }
}

/** `devlink trap group show`. */
export function trapGroupRow(group: DevlinkAttributes): ShownObject {
  return [handle(group), { name: group.trapGroupName, generic: group.trapGeneric === true, ...maybe('policer', group.trapPolicerId) }];
}

/** `devlink trap policer show`. */
export function trapPolicerRow(policer: DevlinkAttributes): ShownObject {
  return [
    handle(policer),
    { policer: policer.trapPolicerId, rate: Number(policer.trapPolicerRate), burst: Number(policer.trapPolicerBurst) },
  ];
}

/** `devlink region show`. */
export function regionRow(region: DevlinkAttributes): ShownObject {
  return [
    `${handle(region)}/${region.regionName!}`,
    {
      size: Number(region.regionSize),
      snapshot: (region.regionSnapshots?.regionSnapshot ?? []).map(({ regionSnapshotId }) => regionSnapshotId),
      max: region.regionMaxSnapshots,
    },
  ];
}

/** `devlink port function rate show`, which omits zero values. */
export function rateRow(rate: DevlinkAttributes): ShownObject {
  const positive = (name: string, value: bigint | number | undefined): Shown =>
    value === undefined || Number(value) === 0 ? {} : { [name]: Number(value) };
  return [
    `${handle(rate)}/${rate.rateNodeName ?? String(rate.portIndex)}`,
    {
      type: rate.rateType,
      ...positive('tx_share', rate.rateTxShare),
      ...positive('tx_max', rate.rateTxMax),
      ...positive('tx_priority', rate.rateTxPriority),
      ...positive('tx_weight', rate.rateTxWeight),
      ...maybe('parent', rate.rateParentNodeName),
    },
  ];
}

/** `devlink dev eswitch show`. */
export function eswitchRow(row: DevlinkAttributes): ShownObject {
  return [
    handle(row),
    { mode: row.eswitchMode, ...maybe('inline-mode', row.eswitchInlineMode), ...maybe('encap-mode', row.eswitchEncapMode) },
  ];
}

/** Rows that devlink lists below their device. */
export function listed(rows: readonly ShownObject[]): Readonly<Record<string, Shown[]>> {
  const found: Record<string, Shown[]> = {};
  for (const [object, row] of rows) (found[object] ??= []).push(row);
  return found;
}
