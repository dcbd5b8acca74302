/** Which numbers are burnt? The report's page, with the trend of each caller ID in its row. */
import type { Report } from '../api/types.ts';
import { AnyReport } from './ReportPage.tsx';

/** The page of caller-ID health. */
export const CallerIdHealth = ({ report }: { report: Report }) => <AnyReport report={report} own={{ trend: '1' }} />;
