/** The ids that stand for other systems' names: asked for by whoever takes data in, listed for admins. */
import { Type } from 'typebox';
import { count, id, oneOf, type Param, type ParamValues, words, yesOrNo } from '../../engine/params.ts';
import { InvalidParams } from '../../errors.ts';
import { namedIdSchema } from '../../ingest/named-id.ts';
import { idsOf, isUnprintable, listNames, nameKinds } from '../../ingest/names.ts';
import { phoneFormParts } from '../../mapping/language/phone-form.ts';
import { toDigits } from '../../mapping/values/phone-digits.ts';
import { openHash } from '../../mapping/values/phone-hash.ts';
import { closed, word } from '../../shapes.ts';
import type { Store } from '../../store/store.ts';
import { dataAnswer, listAnswer } from '../answers/answer-kinds.ts';
import { readBodyParams } from '../asked/body-params.ts';
import { bodyOf, type Input, queryOf } from '../asked/input.ts';
import { defineRoute, type Route } from '../route.ts';

const path = '/api/telesales/ids';
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

const namesParams = { kind, in_any_case: yesOrNo('') };

/** Names that ids are asked for. */
const namesBody: Input<unknown, ParamValues<typeof namesParams> & { names: string[] }> = {
  schema: Type.Object({
    kind: word(nameKinds),
    names: Type.Array(Type.String({ maxLength: 1000 }), { maxItems: maxNames }),
    in_any_case: Type.Optional(Type.Boolean()),
  }),
  read: (body, context) => ({ ...readBodyParams(namesParams, body, context), names: readNames(body) }),
};

/** Ids of names, and the lead that a phone number became by a mapping: for a request of erasure. The number itself is kept nowhere. */
export function nameRoutes({ store }: { store: Store }): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path,
      permission: 'ingest',
      about: {
        tags,
        operationId: 'ids-of-names',
        summary: 'The ids of names; a new name gets the next free one, for good',
        description:
          'Campaigns, agents, teams and leads are numbers here. Names are case-sensitive, unless `in_any_case` says that those which differ in case alone are one, as in MySQL; blank ones have no id.',
      },
      body: namesBody,
      answer: listAnswer(namedIdSchema),
      handler: async ({ body: { kind, names, in_any_case: inAnyCase }, asker }) => {
        const ids = await idsOf(store, asker.tenantId, kind, names, { inAnyCase });
        return [...ids].map(([name, found]) => ({ name, id: found }));
      },
    }),
    defineRoute({
      method: 'GET',
      path,
      permission: 'names',
      about: {
        tags,
        operationId: 'names-with-ids',
        summary: 'Names that have an id, in the order of their ids (admin)',
      },
      query: queryOf(listParams),
      answer: listAnswer(namedIdSchema),
      handler: ({ query: { kind, after, limit = 1000 }, asker: { store, tenantId } }) =>
        listNames(store, tenantId, { kind, after, limit }),
    }),
    defineRoute({
      method: 'POST',
      path: `${path}/phone`,
      permission: 'names',
      about: {
        tags,
        operationId: 'lead-of-phone',
        summary: 'The lead that a phone number becomes by a mapping (admin)',
      },
      body: bodyOf(phoneParams),
      answer: dataAnswer(closed({ lead_id: Type.Integer({ minimum: 1 }) })),
      handler: async ({ body: { phone, ...form }, asker }) => {
        const digits = toDigits(phone, form);
        if (digits === undefined) {
          throw new InvalidParams([{ id: 'not_a_phone', field: 'phone' }]);
        }
        const hash = await openHash(store, asker.tenantId);
        return { lead_id: hash(digits) };
      },
    }),
  ];
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
