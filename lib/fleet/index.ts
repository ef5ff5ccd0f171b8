export { FleetError, type FleetErrorReason } from './fleet-error.js';
