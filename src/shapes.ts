/** The pieces that the schemas of our JSON are made of. */
import { type Static, type TProperties, type TSchema, type TSchemaOptions, type TUnsafe, Type } from 'typebox';

/** An object that has these properties and no others. */
export const closed = <P extends TProperties>(properties: P, options: TSchemaOptions = {}) =>
  Type.Object(properties, { ...options, additionalProperties: false });

/** The same value, or null. */
export const orNull = <S extends TSchema & { type: string; enum?: readonly unknown[] }>(schema: S) =>
  Type.Unsafe<Static<S> | null>({
    ...schema,
    type: [schema.type, 'null'],
    ...(schema.enum && { enum: [...schema.enum, null] }),
  });

/** An object whose names are data, all of its values of one shape. */
export const named = <S extends TSchema>(value: S, options: TSchemaOptions = {}) =>
  Type.Unsafe<Record<string, Static<S>>>({ type: 'object', additionalProperties: value, ...options });

/** An instant as JSON has it: ISO 8601 in UTC with milliseconds. */
export const isoInstant = (description?: string) =>
  Type.String({ format: 'date-time', ...(description !== undefined && { description }) });

/** An id that was made up here, such as an import's. */
export const uuidText = () => Type.String({ format: 'uuid' });

/** A number of things. */
export const amount = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description !== undefined && { description }) });

/** One of a few words. */
export const word = <const Word extends string>(words: readonly Word[], description?: string) =>
  Type.Unsafe<Word>({
    type: 'string',
    enum: [...words],
    ...(description !== undefined && { description }),
  }) as TUnsafe<Word> & { type: 'string'; enum: Word[] };
