import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type RawParams, readParams, words, yesOrNo } from '../../engine/params.ts';
import { BadMapping } from '../../errors.ts';
import type { Entry } from '../../ingest/gate.ts';
import type { KeyedRequest } from '../../ingest/keyed-answers.ts';
import { ingestMapped, type MappedFileToIngest } from '../../mapping/ingest-mapped.ts';
import type { Mapping } from '../../mapping/language/mapping.ts';
import { checkMapping, type ReadMapping, readMapping } from '../../mapping/language/read-mapping.ts';
import { type MappedReconciliation, mappedReconciliationSchema } from '../../mapping/reconciliation.ts';
import { amount, closed, word } from '../../shapes.ts';
import { answersWith, sendingFaults, toData } from '../answers/answers.ts';
import { tellProgress, toProgress } from '../answers/progress.ts';
import { toBodySchema, toQuerySchema } from '../asked.ts';
import { readBodyParams } from '../bodies/body-params.ts';
import { openHeld } from '../bodies/held.ts';
import { countLineEnds, type Receiving, receive } from '../bodies/receive.ts';
import { keyHeader, readKey, rowLimits } from '../bodies/take-in.ts';
import { type Context, principalOf } from '../context.ts';
import { assertTenant } from '../guards/auth.ts';

const sentParams = {
  strict: yesOrNo('All rows or none'),
  file: words('The name of the file, to tell people', 255),
};
const pathParams = {
  path: { ...words('The file on this machine', 4096), required: true as const },
  strict: sentParams.strict,
};
const mappedSteps = closed({ phase: word(['mapping', 'reading', 'storing']), rows: amount() });
const maxMappingBytes = 1024 * 1024;

/** Files of other systems in, by a mapping that comes with them. */
export async function serveMapped(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(async (scoped) => {
    // The body goes through the mapping as it comes: nothing of it is written down as it is.
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scoped.post('/api/telesales/ingest/mapped', {
      schema: {
        tags: ['Data in'],
        operationId: 'ingest-mapped',
        summary: 'Take in any other file by a mapping',
        description:
          'The body is the mapping as one line of JSON, then the file as it is. docs/mapping.md says what a mapping is.',
        querystring: toQuerySchema(sentParams),
        headers: { type: 'object', properties: keyHeader },
        response: answersWith(toData(mappedReconciliationSchema), [...sendingFaults, 409]),
      },
      config: { permission: 'ingest', takesRows: true },
      bodyLimit: context.config.ingestLimitBytes,
      handler: async (request, reply) => ({ data: await takeInOnce(context, request, reply) }),
    });
  });

  app.post(
    '/api/operator/mapped-imports',
    {
      schema: {
        hide: true,
        body: Type.Object({ ...toBodySchema(pathParams).properties, mapping: Type.Unknown() }),
        response: toProgress(mappedSteps, mappedReconciliationSchema),
      },
      config: { permission: 'operate' },
    },
    async (request, reply) => {
      const { path = '', strict = false } = readBodyParams(pathParams, request.body, reading(context));
      const tenantId = assertTenant(principalOf(request).tenantId);
      const mapping = assertGood(checkMapping((request.body as { mapping?: unknown } | null)?.mapping));
      await tellProgress(request, reply, async (say) => {
        await context.room.assertFree();
        const { size } = await stat(path);
        return takeIn(context, {
          tenantId,
          mapping,
          bytes: createReadStream(path, { highWaterMark: 256 * 1024 }),
          size,
          fileName: basename(path),
          strict,
          onProgress: (phase, rows) => say({ phase, rows }),
        });
      });
    },
  );
}

async function takeIn(context: Context, asked: Omit<MappedFileToIngest, 'stamp'>): Promise<MappedReconciliation> {
  return ingestMapped(context.mappedImporter, {
    ...asked,
    stamp: context.stamp(),
  });
}

const reading = ({ now }: Context) => ({ now: now() });

function assertGood({ mapping, faults }: ReadMapping): Mapping {
  if (mapping) return mapping;
  throw new BadMapping(faults);
}

async function takeInOnce(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<MappedReconciliation> {
  const { answers } = context.intake;
  const { tenantId } = principalOf(request);
  const asked = readParams(sentParams, request.query as RawParams, reading(context));
  const key = readKey(request);
  const hash = createHash('sha256').update(JSON.stringify(['mapped', asked.file, asked.strict ?? false]));
  if (key === undefined) return takeInSent(context, request, { ...asked, hash });
  const release = answers.claim(tenantId, key);
  try {
    let keyed: KeyedRequest | undefined;
    let before: MappedReconciliation | undefined;
    const data = await takeInSent(context, request, {
      ...asked,
      hash,
      findBefore: async () => {
        keyed = { tenantId, key, fingerprint: hash.digest('hex') };
        before = await answers.find<MappedReconciliation>(keyed);
        return before;
      },
    });
    if (before) reply.header('idempotent-replayed', 'true');
    else if (keyed) await answers.keep(keyed, data);
    return data;
  } finally {
    release();
  }
}

/** `hash` gets the whole body: it is known when the file has been read, and the body is held nowhere. */
async function takeInSent(
  context: Context,
  request: FastifyRequest,
  {
    strict = false,
    file,
    hash,
    findBefore,
  }: { strict?: boolean | undefined; file?: string | undefined; hash: Hash } & Pick<MappedFileToIngest, 'findBefore'>,
): Promise<MappedReconciliation> {
  const { tenantId } = principalOf(request);
  const entry = context.intake.gate.enter(tenantId);
  const receiving = receive(request.raw, rowLimits(context, entry));
  const body = hashed(receiving.chunks, hash);
  try {
    // What the mapping makes of it goes into files.
    entry.toFile();
    const { line, rest } = await cutFirstLine(body, entry);
    const length = Number(request.headers['content-length']);
    const mapping = assertGood(readMapping(line));
    // Of JSON on any lines, rows are known only when they are read.
    const areLines = mapping.file?.format !== 'json';
    return await takeIn(context, {
      ...(findBefore && { findBefore }),
      tenantId,
      mapping,
      bytes: areLines ? countedLines(rest, receiving) : rest,
      size: Number.isSafeInteger(length) ? length : undefined,
      fileName: file ?? 'file',
      strict,
      signal: request.gone,
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

/** The first line of a body, and the bytes after it. */
async function cutFirstLine(
  body: AsyncGenerator<Buffer>,
  entry: Pick<Entry, 'hold'>,
): Promise<{ line: string; rest: AsyncGenerator<Buffer> }> {
  const head = openHeld((bytes) => entry.hold(bytes));
  for (;;) {
    const { value, done } = await body.next();
    const end = value?.indexOf(10) ?? -1;
    if (value && end >= 0) {
      head.add(value.subarray(0, end));
      return { line: head.take().toString('utf8'), rest: continued(value.subarray(end + 1), body) };
    }
    if (value) head.add(value);
    if (done || head.size > maxMappingBytes) {
      throw new BadMapping([
        { path: '$', message: 'The body must begin with the mapping as one line of JSON; the file follows.' },
      ]);
    }
  }
}

async function* continued(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* rest;
}
