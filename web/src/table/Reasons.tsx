/** Why something is judged as it is: each rule in words, with what was found and what would be right. */
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

interface Reason {
  code: string;
  value: number;
  limit: number;
  sample: number;
}

// These compare counts; all others are shares in per cent.
const ofCounts = new Set(['too_few_dials', 'daily_cap_reached']);

/** The rules that decided. */
export function Reasons({ value }: { value: unknown }) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const reasons = Array.isArray(value) ? (value as Reason[]) : [];
  if (reasons.length === 0) return <span className="dimmed">{words.noneLike}</span>;
  return (
    <ul className="reasons">
      {reasons.map(({ code, value: found, limit, sample }) => {
        const key = `reason_${code}` as keyof typeof words;
        const say = words[key];
        const write = (number: number) => (ofCounts.has(code) ? writing.number(number) : writing.percent(number, 1));
        return (
          <li key={code}>
            {typeof say === 'function'
              ? (say as typeof words.reason_asr_floor)(write(found), write(limit), writing.number(sample))
              : `${code.replaceAll('_', ' ')}: ${writing.number(found, 2)} / ${writing.number(limit, 2)}`}
          </li>
        );
      })}
    </ul>
  );
}
