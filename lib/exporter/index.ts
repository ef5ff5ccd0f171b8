export { COLLECTOR_NAMES, type CollectorName } from './collectors/collectors.js';
export { deviceFilter, type DevicePatterns } from './device-filter.js';
export { exporter, type ExporterEvent, type ExporterOptions } from './exporter.js';
