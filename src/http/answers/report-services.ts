/** What reports, and the rows behind their figures, are answered with. */
import type { TenantSettings } from '../../access/settings.ts';
import type { AboutServices } from './about.ts';
import type { FileServices } from './export-file.ts';

/** What reports are answered with. */
export interface ReportServices extends FileServices, AboutServices {
  settings: TenantSettings;
}
