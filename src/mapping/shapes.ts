import { type TArray, type TArrayOptions, type TSchema, type TString, type TUnsafe, Type } from 'typebox';
import { longestText } from './bounds.ts';

/** A text that is not empty. */
export const text = (description: string, maxLength = 200): TString =>
  Type.String({ description, minLength: 1, maxLength });

/** A text, or null where there is none. */
export const textOrNull = (description?: string): TUnsafe<string | null> =>
  Type.Unsafe({ ...(description && { description }), type: ['string', 'null'], maxLength: longestText });

/** A text that fields are held against, or several. */
export const texts = (description: string): TUnsafe<string | string[]> =>
  Type.Unsafe({
    description,
    type: ['string', 'array'],
    minItems: 1,
    items: Type.String({ maxLength: longestText }),
  });

/** A list that is not empty. */
export const list = <Item extends TSchema>(
  description: string,
  item: Item,
  options: TArrayOptions = {},
): TArray<Item> => Type.Array(item, { description, minItems: 1, ...options });

/** The name of a column of the file. */
export const columnName: TString = Type.String({ minLength: 1, maxLength: 200 });

/** A column of the file, or several. */
export const columnNames = (description: string, options: TArrayOptions = {}): TUnsafe<string | string[]> =>
  Type.Unsafe({ description, type: ['string', 'array'], minLength: 1, minItems: 1, items: columnName, ...options });
