/** Loaded before a command of a test: an answer of its server that is not as declared is told on standard error. */
import { watchAnswers } from '../declared-answers.ts';

watchAnswers((what) => process.stderr.write(`not as declared: ${what}\n`));
