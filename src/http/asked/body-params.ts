/** Parameters in a JSON body, read as those of a query string are. */
import { type Params, type ParamValues, type RawParams, type ReadContext, readParams } from '../../engine/params.ts';
import { InvalidParams } from '../../errors.ts';
import type { ParamFault } from '../../faults.ts';

/**
 * Reads the parameters of a JSON body as those of a query string are read; unknown ones are ignored. Throws InvalidParams,
 * naming every bad field at once: also one whose value is an object, or a list where one value is asked for.
 */
export function readBodyParams<P extends Params>(
  declared: P,
  body: unknown,
  context: ReadContext,
  check?: (values: Partial<ParamValues<P>>, faults: ParamFault[]) => void,
): ParamValues<P> {
  if (Array.isArray(body) || !(typeof body === 'object' || body === undefined)) {
    throw new InvalidParams([{ id: 'not_object', field: 'body' }]);
  }
  const raw: Record<string, string | string[]> = {};
  const misshapen: ParamFault[] = [];
  for (const [field, value] of Object.entries(body ?? {})) {
    const param = Object.hasOwn(declared, field) ? declared[field] : undefined;
    if (param === undefined || value === null) continue;
    const { isList = false } = param;
    if (isList && Array.isArray(value) && value.every(isPlain)) raw[field] = value.map(String);
    else if (isPlain(value)) raw[field] = String(value);
    else misshapen.push({ id: isList ? 'not_plain_list' : 'not_plain', field });
  }
  return readParams(declared, raw satisfies RawParams, context, (values, faults) => {
    for (const fault of misshapen) {
      // Not read at all, it may have been taken for one that is not given.
      const at = faults.findIndex(({ field }) => field === fault.field);
      if (at < 0) faults.push(fault);
      else faults[at] = fault;
    }
    check?.(values, faults);
  });
}

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
