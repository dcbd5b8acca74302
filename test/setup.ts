/** Before each test file: an answer that is not as its route declares it fails the test that heard it. */
import { afterAll, afterEach, expect } from 'vitest';
import { watchAnswers } from './declared-answers.ts';

/** The answers of the running test that are not as declared. */
export const untrueAnswers: string[] = [];
watchAnswers((what) => void untrueAnswers.push(what));

const expectNone = () => expect(untrueAnswers.splice(0)).toEqual([]);
afterEach(expectNone);
// Those of beforeAll, and those that came late.
afterAll(expectNone);
