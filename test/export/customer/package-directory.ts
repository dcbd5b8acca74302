import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The two worked examples. */
export const examples = fileURLToPath(new URL('../../../examples/customers/', import.meta.url));

/** A picture that is good. */
export const logo = readFileSync(join(examples, 'sen-vang', 'logo.png'));

/** A directory with a customer.json, as text or as a value, and a good logo.png. */
export function customerDirectory(content: unknown, files: Record<string, string | Uint8Array> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-customer-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  for (const [name, bytes] of Object.entries({ 'customer.json': text, 'logo.png': logo, ...files })) {
    writeFileSync(join(directory, name), bytes);
  }
  return directory;
}
