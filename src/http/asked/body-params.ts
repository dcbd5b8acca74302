/** Parameters in a JSON body, read as those of a query string are. */
import {
  type Params,
  type ParamValues,
  type RawParams,
  type ReadContext,
  readParams,
  spoken,
} from '../../engine/params.ts';
import { type FieldErrors, InvalidParams } from '../../errors.ts';

/**
 * Reads the parameters of a JSON body as those of a query string are read; unknown ones are ignored. Throws InvalidParams,
 * naming every bad field at once: also one whose value is an object, or a list where one value is asked for.
 */
export function readBodyParams<P extends Params>(
  declared: P,
  body: unknown,
  context: ReadContext,
  check?: (values: Partial<ParamValues<P>>, errors: FieldErrors) => void,
): ParamValues<P> {
  if (Array.isArray(body) || !(typeof body === 'object' || body === undefined)) {
    throw new InvalidParams({ body: ['The body must be a JSON object.'] });
  }
  const raw: Record<string, string | string[]> = {};
  const faults: FieldErrors = {};
  for (const [field, value] of Object.entries(body ?? {})) {
    const param = Object.hasOwn(declared, field) ? declared[field] : undefined;
    if (param === undefined || value === null) continue;
    const { isList = false } = param;
    if (isList && Array.isArray(value) && value.every(isPlain)) raw[field] = value.map(String);
    else if (isPlain(value)) raw[field] = String(value);
    else
      faults[field] = [
        `The ${spoken(field)} must be ${isList ? 'a list of texts or numbers' : 'one value, such as a text or a number'}.`,
      ];
  }
  return readParams(declared, raw satisfies RawParams, context, (values, errors) => {
    Object.assign(errors, faults);
    check?.(values, errors);
  });
}

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
