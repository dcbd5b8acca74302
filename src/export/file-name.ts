/** What a downloaded file is called, and the header that tells a browser so. */
import { toSpanEnds } from './facts.ts';
import type { ExportFacts, Layout } from './layout.ts';

/** A file name that says report, tenant, campaign, window and zone, unless the layout has one of its own. */
export function toFileName(facts: ExportFacts, { fileName }: Layout, format: string): string {
  const named = typeof fileName === 'function' ? fileName(facts) : fileName;
  const name = named === undefined ? genericName(facts) : toSafe(named);
  return `${cut(name, 200) || facts.report.name}.${format}`;
}

/** The header that saves an answer under a name, in whatever script: RFC 6266, with a plain name for old clients. */
export function toContentDisposition(fileName: string): string {
  const [, stem = '', ending = ''] = /^(.*)(\.[a-z]+)$/s.exec(fileName) ?? [];
  const plain = stem
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đĐ]/g, (letter) => (letter === 'đ' ? 'd' : 'D'))
    .replace(/[^\w.]+/g, '-')
    .replace(/_-(?=_)/g, '')
    .replace(/^[-.]+|[-.]+$/g, '');
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain || 'report'}${ending}"; filename*=UTF-8''${encoded}`;
}

function genericName({ report, tenant, filters, window, timezone }: ExportFacts): string {
  const [from, to] = window ? toSpanEnds(window, timezone).map(toMinute) : [];
  const parts = [
    report.name,
    tenant.name,
    filters.campaignId === undefined ? '' : `campaign-${filters.campaignId}`,
    from ?? '',
    to === from ? '' : (to ?? ''),
    timezone,
  ];
  return parts
    .map((part) => cut(toSafe(part), 80))
    .filter(Boolean)
    .join('_');
}

/** `2026-06-01 09:30:15+07:00` as `2026-06-01T0930`: the zone has its own place in the name. */
const toMinute = (end: string) => end.replace(/ (\d\d):(\d\d).*$/, 'T$1$2');

/** Without what some file system, shell or screen can't take; letters of all scripts stay. */
function toSafe(part: string): string {
  return part
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Z}/\\:*?"'<>|%`$&;=-]+/gu, '-')
    .replace(/^[-.~]+|[-.]+$/g, '');
}

/** The longest beginning of a name that fits into so many bytes: file systems take 255. */
function cut(name: string, bytes: number): string {
  let [kept, size] = ['', 0];
  for (const char of name) {
    size += Buffer.byteLength(char);
    if (size > bytes) break;
    kept += char;
  }
  return kept.replace(/[-.]+$/, '');
}
