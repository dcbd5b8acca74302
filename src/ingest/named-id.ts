/** The JSON shape in which names are told with the ids that stand for them. */
import { type Static, Type } from 'typebox';
import { closed } from '../shapes.ts';

/** A name and the id that stands for it, as JSON. */
export const namedIdSchema = closed({ name: Type.String(), id: Type.Integer({ minimum: 1 }) });
/** A name and the id that stands for it. */
export type NamedId = Static<typeof namedIdSchema>;
