import type { Report } from './result.js';
export function writeDocs(_report: Report): void {}
