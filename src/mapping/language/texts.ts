/** The texts and lists that a mapping is made of, as pieces of its schema. */
import { type TArray, type TArrayOptions, type TSchema, type TString, type TUnsafe, Type } from 'typebox';
import { longestText } from './bounds.ts';

/** A text that is not empty. */
export const someText = (description: string, maxLength = 200): TString =>
  Type.String({ description, minLength: 1, maxLength });

/** A text, or null where there is none. */
export const someTextOrNull = (description?: string): TUnsafe<string | null> =>
  Type.Unsafe({ ...(description && { description }), type: ['string', 'null'], maxLength: longestText });

/** A text that fields are held against, or several. */
export const someTexts = (description: string): TUnsafe<string | string[]> =>
  Type.Unsafe({
    description,
    type: ['string', 'array'],
    minItems: 1,
    items: Type.String({ maxLength: longestText }),
  });

/** A list that is not empty. */
export const someItems = <Item extends TSchema>(
  description: string,
  item: Item,
  options: TArrayOptions = {},
): TArray<Item> => Type.Array(item, { description, minItems: 1, ...options });

/** The name of a column of the file. */
export const fileColumn: TString = Type.String({ minLength: 1, maxLength: 200 });

/** A column of the file, or several. */
export const fileColumns = (description: string, options: TArrayOptions = {}): TUnsafe<string | string[]> =>
  Type.Unsafe({ description, type: ['string', 'array'], minLength: 1, minItems: 1, items: fileColumn, ...options });
