import fc from 'fast-check';

type Container = Record<string | number, unknown>;
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** What stands where something else should: of every type, empty, too many, too long, too deep. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e300, '', ' ', 'x', 'x'.repeat(2000), '#12345', '\ud800'),
  fc.constantFrom<unknown>([], {}, [null], [[]], ['x', 'x'], [{}], { x: null }, { from: 'x' }, { is: [] }, { kind: 1 }),
  fc.constantFrom<unknown>(
    Array.from({ length: 1100 }, (_, index) => `c${index}`),
    JSON.parse('{"or":'.repeat(200) + '1' + '}'.repeat(200)),
  ),
);

/** Values in which a few places are missing, hold something else, stand twice or have another name. */
export function spoilt(values: readonly unknown[], names: readonly string[]): fc.Arbitrary<unknown> {
  const name = fc.oneof(fc.constantFrom(...names), fc.constantFrom('extra', '__proto__', 'constructor', "a'b\n", ''));
  const change = fc.record({
    where: fc.nat(),
    how: fc.constantFrom('take out', 'replace', 'rename', 'repeat', 'add', 'misspell'),
    odd: fc.oneof(odd, name),
    name,
  });
  return fc
    .tuple(fc.constantFrom(...values), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([value, changes]) => changes.reduce(spoil, value));
}

interface Change {
  where: number;
  how: string;
  odd: unknown;
  name: string;
}

function spoil(value: unknown, { where, how, odd, name }: Change): unknown {
  const root = structuredClone({ value });
  const places = placesIn(root);
  const [parent, key] = places[where % places.length]!;
  const found = parent[key];
  if (how === 'replace' || parent === root) parent[key] = odd;
  else if (how === 'add') put(isContainer(found) ? found : parent, name, odd);
  else if (how === 'misspell' && typeof found === 'string') parent[key] = `${found.slice(1)}x`;
  else if (how === 'repeat' && Array.isArray(parent)) parent.push(...Array<unknown>(60).fill(found));
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else {
    delete parent[key];
    if (how === 'rename') put(parent, name, found);
  }
  return root.value;
}

function put(container: Container, name: string, value: unknown): void {
  if (Array.isArray(container)) container.push(value);
  // As JSON.parse does: a name such as __proto__ is a name.
  else Object.defineProperty(container, name, { value, enumerable: true, configurable: true, writable: true });
}

const placesIn = (container: Container): [Container, string][] =>
  Object.entries(container).flatMap(([key, value]): [Container, string][] => [
    [container, key],
    ...(isContainer(value) ? placesIn(value) : []),
  ]);

/** Whether a JSON path leads to a place of a value, or to one that is missing in an object of it. */
export function leadsInto(path: string, value: unknown): boolean {
  const steps = [...path.matchAll(/\.(\w+)|\[(\d+)\]|\['((?:\\.|[^\\'])*)'\]/g)];
  if (steps.map(([step]) => step).join('') !== path.slice(1)) return false;
  let place = value;
  return steps.every(([, name, index, quoted]) => {
    if (!isContainer(place)) return false;
    const step =
      index === undefined ? (name ?? quoted!.replace(/\\(.)/g, '$1').replaceAll('\ufffd', '\n')) : Number(index);
    if (Array.isArray(place) !== (index !== undefined)) return false;
    place = Object.hasOwn(place, step) ? place[step] : undefined;
    return true;
  });
}
