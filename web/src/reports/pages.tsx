/** Reports with a page of their own; all others have the one that is made of their declaration. */
import type { Report } from '../api/types.ts';
import { AbandonRate } from './AbandonRate.tsx';
import { AgentPerformance } from './AgentPerformance.tsx';
import { AnyReport } from './AnyReport.tsx';
import { CallerIdHealth } from './CallerIdHealth.tsx';

type Page = React.ComponentType<{ report: Report }>;

const pages: Record<string, Page> = {
  'abandon-rate': AbandonRate,
  'agent-performance': AgentPerformance,
  'caller-id-health': CallerIdHealth,
};

/** The page of a report. */
export const pageOf = ({ name }: Report): Page => (Object.hasOwn(pages, name) ? pages[name] : undefined) ?? AnyReport;
