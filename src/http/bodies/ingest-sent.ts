/** A file of another system in the body of a request, behind its mapping: it goes through that as it comes, and is held nowhere. */
import { createHash, type Hash } from 'node:crypto';
import { type ParamValues, words, yesOrNo } from '../../engine/params.ts';
import { BadMapping } from '../../errors.ts';
import type { MappedFileToIngest } from '../../mapping/ingest-mapped.ts';
import type { Mapping } from '../../mapping/language/mapping.ts';
import { type ReadMapping, readMapping } from '../../mapping/language/read-mapping.ts';
import type { MappedReconciliation } from '../../mapping/reconciliation.ts';
import type { AskedRoute } from '../route.ts';
import { cutFirstLine } from './first-line.ts';
import { doOnce, readKey } from './idempotency.ts';
import type { RowsIn } from './ingest-rows.ts';
import { countLineEnds, type Receiving, receive } from './receive.ts';

/** The parameters of sending in a file of another system. */
export const sentParams = {
  strict: yesOrNo('All rows or none'),
  file: words('The name of the file, to tell people', 255),
};

/** Ingests a file by a mapping, at an instant of its own. */
export type IngestByMapping = (file: Omit<MappedFileToIngest, 'stamp'>) => Promise<MappedReconciliation>;

/** What a sent file goes through, and what it may cost. */
export interface SentIn extends RowsIn {
  ingestByMapping: IngestByMapping;
}

type AskedSent = Pick<
  AskedRoute<string, ParamValues<typeof sentParams>, unknown>,
  'query' | 'asker' | 'request' | 'reply'
>;

const mostMappingBytes = 1024 * 1024;

/** Ingests the file of a request. When it resolves, its rows are on disk and in every report. */
export async function ingestSent(services: SentIn, asked: AskedSent): Promise<MappedReconciliation> {
  const { query, asker, request, reply } = asked;
  const { answers } = services.wayIn;
  const key = readKey(request);
  const hash = createHash('sha256').update(JSON.stringify(['mapped', query.file, query.strict ?? false]));
  // The hash gets the whole body: it is known when the file has been read.
  return doOnce<MappedReconciliation>({ answers, tenantId: asker.tenantId, key, reply }, (findBefore) =>
    ingestBehind(services, asked, { hash, findBefore: () => findBefore(hash.digest('hex')) }),
  );
}

async function ingestBehind(
  { wayIn, rowLimits, ingestByMapping }: SentIn,
  { query: { strict = false, file = 'file' }, asker: { tenantId, gone }, request }: AskedSent,
  { hash, findBefore }: { hash: Hash } & Required<Pick<MappedFileToIngest, 'findBefore'>>,
): Promise<MappedReconciliation> {
  const entry = wayIn.gate.enter(tenantId);
  const receiving = receive(request.raw, { ...rowLimits, entry });
  const body = hashed(receiving.chunks, hash);
  try {
    // What the mapping makes of it goes into files.
    entry.toFile();
    const cut = await cutFirstLine(body, { hold: (bytes) => entry.hold(bytes), mostBytes: mostMappingBytes });
    if (!cut) {
      throw new BadMapping([
        { path: '$', message: 'The body must begin with the mapping as one line of JSON; the file follows.' },
      ]);
    }
    const length = Number(request.headers['content-length']);
    const mapping = assertGood(readMapping(cut.line));
    // Of JSON on any lines, rows are known only when they are read.
    const areLines = mapping.file?.format !== 'json';
    return await ingestByMapping({
      findBefore,
      tenantId,
      mapping,
      bytes: areLines ? countedLines(cut.rest, receiving) : cut.rest,
      size: Number.isSafeInteger(length) ? length : undefined,
      fileName: file,
      strict,
      signal: gone,
      onMade: async (bytes, made) => {
        if (!areLines) receiving.countRows(made);
        await entry.write(bytes);
      },
    });
  } finally {
    // Its way in is closed until somebody reads on. A piece of it may still be waited for, and it holds memory until then.
    void body.return(undefined).finally(() => entry.leave());
  }
}

/** The mapping that was read. Throws BadMapping. */
export function assertGood({ mapping, faults }: ReadMapping): Mapping {
  if (mapping) return mapping;
  throw new BadMapping(faults);
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* countedLines(
  chunks: AsyncIterable<Buffer>,
  { countRows }: Pick<Receiving, 'countRows'>,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    countRows(countLineEnds(chunk));
    yield chunk;
  }
}
