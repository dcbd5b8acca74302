import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { count, id, oneOf, type Param, type RawParams, readParams, words, yesOrNo } from '../../engine/params.ts';
import { InvalidParams } from '../../errors.ts';
import { namedIdSchema } from '../../ingest/named-id.ts';
import { idsOf, isUnprintable, listNames, nameKinds } from '../../ingest/names.ts';
import { openHash, phoneFormParts, toDigits } from '../../mapping/hash.ts';
import { closed, word } from '../../shapes.ts';
import { answersWith, sendingFaults, toData, toDataList } from '../answers/answers.ts';
import { toBodySchema, toQuerySchema } from '../asked.ts';
import { readBodyParams } from '../bodies/body-params.ts';
import { type Context, principalOf, storeOf } from '../context.ts';

const tags = ['Data in'];
const kind = { ...oneOf('What the names are of', nameKinds), required: true as const };
const listParams = {
  kind,
  after: id('Only ids above this one: where the last page ended'),
  limit: count('How many (default 1000)', 1, 10_000),
};
const maxNames = 10_000;

const phoneParams = {
  phone: { ...words('The phone number', 40), required: true as const },
  country_code: written(
    'The country of a number that is written without it, as in the mapping',
    phoneFormParts.country_code,
  ),
  dial_prefix: written('What is dialed before it, as in the mapping', phoneFormParts.dial_prefix),
};

/** Names that ids are asked for, as JSON. */
const namesSchema = Type.Object({
  kind: word(nameKinds),
  names: Type.Array(Type.String({ maxLength: 1000 }), { maxItems: maxNames }),
  in_any_case: Type.Optional(Type.Boolean()),
});

/** The ids that stand for other systems' names: asked for by whoever takes data in, listed for admins. */
export function serveNames(app: FastifyInstance, context: Context): void {
  const reading = () => ({ now: context.now() });
  app.post('/api/telesales/ids', {
    schema: {
      tags,
      operationId: 'ids-of-names',
      summary: 'The ids of names; a new name gets the next free one, for good',
      description:
        'Campaigns, agents, teams and leads are numbers here. Names are case-sensitive, unless `in_any_case` says that those which differ in case alone are one, as in MySQL; blank ones have no id.',
      body: namesSchema,
      response: answersWith(toDataList(namedIdSchema), sendingFaults),
    },
    config: { permission: 'ingest' },
    handler: async (request) => {
      const asked = readBodyParams({ kind, in_any_case: yesOrNo('') }, request.body, reading());
      const names = readNames(request.body);
      const ids = await idsOf(context.store, principalOf(request).tenantId, asked.kind ?? 'campaign', names, {
        inAnyCase: asked.in_any_case,
      });
      return { data: [...ids].map(([name, found]) => ({ name, id: found })) };
    },
  });
  app.get('/api/telesales/ids', {
    schema: {
      tags,
      operationId: 'names-with-ids',
      summary: 'Names that have an id, in the order of their ids (admin)',
      querystring: toQuerySchema(listParams),
      response: answersWith(toDataList(namedIdSchema)),
    },
    config: { permission: 'names' },
    handler: async (request) => {
      const asked = readParams(listParams, request.query as RawParams, reading());
      return {
        data: await listNames(storeOf(context, request), principalOf(request).tenantId, {
          kind: asked.kind ?? 'campaign',
          after: asked.after,
          limit: asked.limit ?? 1000,
        }),
      };
    },
  });
}

/** The lead that a phone number became by a mapping: for a request of erasure. The number itself is kept nowhere. */
export function serveLeadOfPhone(app: FastifyInstance, context: Context): void {
  app.post('/api/telesales/ids/phone', {
    schema: {
      tags,
      operationId: 'lead-of-phone',
      summary: 'The lead that a phone number becomes by a mapping (admin)',
      body: toBodySchema(phoneParams),
      response: answersWith(toData(closed({ lead_id: Type.Integer({ minimum: 1 }) })), sendingFaults),
    },
    config: { permission: 'names' },
    handler: async (request) => {
      const reading = { now: context.now() };
      const { phone = '', ...form } = readBodyParams(phoneParams, request.body, reading);
      const digits = toDigits(phone, form);
      if (digits === undefined) {
        throw new InvalidParams([{ id: 'not_a_phone', field: 'phone' }]);
      }
      const hash = await openHash(context.store, principalOf(request).tenantId);
      return { data: { lead_id: hash(digits) } };
    },
  });
}

function written(about: string, { pattern, rule }: { pattern: string; rule: string }): Param<string> {
  return {
    kind: 'text',
    about,
    schema: Type.String({ pattern }),
    values: 'string',
    placeholder: 'value',
    read: (text) => (new RegExp(pattern).test(text) ? { value: text } : { fault: { id: 'not_spelled_so', rule } }),
  };
}

function readNames(body: unknown): string[] {
  const names: unknown = (body as { names?: unknown } | null | undefined)?.names;
  if (Array.isArray(names) && names.length <= maxNames && names.every((name) => typeof name === 'string')) {
    const bad = names.find((name) => isUnprintable(name));
    if (bad === undefined) return names;
    throw new InvalidParams([{ id: 'control_character', field: 'names', text: bad.slice(0, 60) }]);
  }
  throw new InvalidParams([{ id: 'not_texts', field: 'names', most: maxNames }]);
}
