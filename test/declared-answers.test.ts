import { Readable } from 'node:stream';
import fastify from 'fastify';
import { Type } from 'typebox';
import { afterAll, expect, test } from 'vitest';
import { dataAnswer, toResponses } from '../src/http/answers/answer-kinds.ts';
import { sendingFaults } from '../src/http/answers/answers.ts';
import { progressAnswer } from '../src/http/answers/progress.ts';
import { closed } from '../src/shapes.ts';
import { untrueAnswers } from './setup.ts';

// An application that does not keep its word.
const app = fastify();
app.setSerializerCompiler(() => (body) => JSON.stringify(body));
const word = closed({ word: Type.String() });
const schema = { response: toResponses(dataAnswer(word), [422]) };
app.get('/true', { schema }, async () => ({ data: { word: 'as declared' } }));
app.get('/more', { schema }, async () => ({ data: { word: 'as declared', and: 'more' } }));
app.get('/less', { schema }, async () => ({ data: {} }));
app.get('/undeclared', { schema }, async (_request, reply) => reply.code(409).send({ message: 'No.', code: 'NO' }));
app.get('/fault', { schema }, async (_request, reply) => reply.code(422).send({ message: 'No.', why: 'Because.' }));
app.get('/streamed', { schema }, async (_request, reply) =>
  reply.type('application/json').send(Readable.from(['{"data":{"wo', 'rd":1}}'])),
);
app.get(
  '/lines',
  { schema: { response: toResponses(progressAnswer(word, word), sendingFaults) } },
  (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
    reply.raw.write('{"word":"a step"}\n');
    reply.raw.write('{"data":{"step":1}}\n');
    reply.raw.end();
  },
);
afterAll(() => app.close());

test.each([
  ['/true', undefined],
  ['/more', 'data/data must NOT have additional properties'],
  ['/less', "data/data must have required property 'word'"],
  ['/undeclared', 'does not declare'],
  ['/fault', "must have required property 'code'"],
  ['/streamed', 'data/data/word must be string'],
  ['/lines', 'data/data must have required property'],
])('%s is heard of when it is not as declared', async (url, fault) => {
  await app.inject(url);
  const heard = untrueAnswers.splice(0);
  expect(heard).toHaveLength(fault === undefined ? 0 : 1);
  if (fault !== undefined) expect(heard[0]).toContain(fault);
});
