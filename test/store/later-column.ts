import { type TableDeclaration, tables } from '../../src/tables.ts';

// Loaded before a program, and before each of its readers: calls have a column that they did not have before.
const calls: TableDeclaration = tables.calls;
calls.columns.note = { kind: 'text', meaning: 'What the agent wrote down' };
calls.generation += 1;
