/** The page at `/reports/NAME`. */
import { useParams } from '@tanstack/react-router';
import { NotFound } from '../shell/NotFound.tsx';
import { useSigned } from '../shell/signed-in.tsx';
import { pageOf } from './pages.tsx';

/** The page of whatever report the address names. */
export function ReportPage() {
  const { report: name } = useParams({ strict: false }) as { report: string };
  const { reports } = useSigned();
  const report = reports.find((one) => one.name === name);
  if (!report) return <NotFound />;
  const Page = pageOf(report);
  return <Page key={name} report={report} />;
}
