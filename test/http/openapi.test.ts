import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, openTestStore, type Site } from './app.ts';

interface Document {
  servers: { url: string }[];
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, { operationId?: string; summary?: string; tags?: string[] }>>;
}

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let text: string;
let document: Document;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory);
  text = (await site.get('/api/openapi.json')).body;
  document = JSON.parse(text);
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

test('the API document keeps all recommended rules', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: text, config });
  const told = problems.map(({ ruleId, message, location }) => `${location[0]?.pointer}: ${message} (${ruleId})`);
  expect(told).toEqual([]);
});

test('every operation has a name that programs can be made of, a tag that is explained, and a summary', () => {
  const tags = document.tags.filter(({ description }) => description).map(({ name }) => name);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { operationId, summary, tags: own = [] }] of Object.entries(operations)) {
      const about = `${method} ${path}`;
      expect(operationId, about).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(summary, about).toBeTruthy();
      expect(tags, about).toContain(own[0]);
    }
  }
});
