/** How the logs name whoever did something: by token and role. */
import { Type } from 'typebox';
import { orNull, word } from '../shapes.ts';
import { askerRoles } from './roles.ts';

/** Whoever did something that is written down, as JSON. */
export const doerShape = {
  token_id: orNull(Type.Integer({ description: 'Whose token; null: the command line on the server\u2019s machine' })),
  role: word(askerRoles),
};
