/** Where reports live. */
import type { Report } from '../engine/report.ts';

/** The address under which all reports live. */
export const reportsPath = '/api/telesales/reports';

/** A report's own address. */
export const pathOf = ({ name }: Pick<Report, 'name'>): string => `${reportsPath}/${name}`;
