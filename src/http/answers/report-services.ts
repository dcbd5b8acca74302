/** What reports, and the rows behind their figures, are answered with. */
import type { TenantSettings } from '../../access/settings.ts';
import type { FileServices } from './export-file.ts';

/** What reports are answered with. */
export interface ReportServices extends FileServices {
  settings: TenantSettings;
}
