/** Random valid asks about a world: any report of the catalogue, with every value of its own parameters. */
import fc from 'fast-check';
import type { Report } from '../src/engine/report.ts';
import { reports } from '../src/reports/index.ts';
import { standing } from './oracle/plain/standing.ts';
import { instant } from './oracle/plain/values.ts';
import type { Ask, Table, Thresholds, World } from './oracle/plain/world.ts';
import { DAY, dayStart, forms, HOUR, local, MINUTE, nudges, PLACES, write, ZONES } from './places.ts';
import { type Asked, declaredOf, isInstant, takesDates, variantsOf } from './questions.ts';
import { agentIds, BIGGEST, TENANTS } from './worlds.ts';

type Params = Ask['params'];

/** The instants of a tenant's standing calls and leads, or the world's now when it has neither. */
function instantsOf(world: World, tenant: number): number[] {
  const found = [
    ...standing(world, tenant, 'calls').map((row) => instant(String(row.started_at))),
    ...standing(world, tenant, 'leads').map((row) => instant(String(row.created_at))),
  ];
  return found.length === 0 ? [instant(world.now)] : found;
}

/** Those of the last days, so that something lies before a window. */
function latest(instants: number[]): number[] {
  const last = Math.max(...instants);
  return instants.filter((ms) => ms > last - 4 * DAY);
}

/** Every campaign that a standing row of the tenant names. */
function campaignsOf(world: World, tenant: number): number[] {
  const naming: Table[] = ['campaigns', 'leads', 'calls'];
  return [...new Set(naming.flatMap((table) => standing(world, tenant, table)).map((row) => Number(row.campaign_id)))];
}

/** Zones for an ask: most of the time one in which something happens to the clock near these instants. */
function zonesNear(instants: number[]): fc.Arbitrary<string | null> {
  const near = PLACES.filter(({ base }) => instants.some((ms) => Math.abs(ms - base) < 2 * DAY));
  const eventful = near.map(({ zone }) => zone);
  return fc.oneof(
    { weight: 3, arbitrary: eventful.length > 0 ? fc.constantFrom(...eventful) : fc.constantFrom(...ZONES) },
    { weight: 1, arbitrary: fc.constantFrom(...ZONES) },
    { weight: 1, arbitrary: fc.constantFrom(null, '') },
  );
}

/** Valid windows of all kinds: dates, instants, one of each, up to the longest that is allowed. */
function windows(instants: number[], zone: string): fc.Arbitrary<Params> {
  const edges = fc.tuple(fc.constantFrom(...instants), nudges).map(([ms, nudge]) => ms + nudge);
  const dates = fc
    .tuple(fc.constantFrom(...instants), fc.constantFrom(0, 0, -1))
    .map(([ms, days]) => local(ms, zone).toPlainDate().add({ days }));
  const days = fc.oneof({ weight: 5, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.constantFrom(7, 31, 90) });
  const params = (date_from: string, date_to: string): Params => ({ date_from, date_to });

  const twoDates = fc
    .tuple(dates, days)
    .map(([date, length]) => params(date.toString(), date.add({ days: length }).toString()));
  const twoInstants = fc.tuple(edges, edges, forms, forms).map(([one, other, formFrom, formTo]) => {
    const from = Math.min(one, other);
    const to = Math.min(Math.max(one, other, from + 1), from + 90 * DAY);
    return params(write(from, formFrom), write(to, formTo));
  });
  const ninetyDays = fc
    .tuple(edges, forms, forms)
    .map(([from, formFrom, formTo]) => params(write(from, formFrom), write(from + 90 * DAY, formTo)));
  const dateToInstant = fc
    .tuple(dates, fc.oneof(fc.constantFrom(1, 9 * HOUR, DAY, 2 * DAY), fc.integer({ min: 1, max: 3 * DAY })), forms)
    .map(([date, length, form]) => params(date.toString(), write(dayStart(date, zone) + length, form)));
  const instantToDate = fc
    .tuple(edges, fc.nat(3), forms)
    .map(([from, length, form]) =>
      params(write(from, form), local(from, zone).toPlainDate().add({ days: length }).toString()),
    );
  return fc.oneof(
    { weight: 6, arbitrary: twoDates },
    { weight: 4, arbitrary: twoInstants },
    { weight: 1, arbitrary: ninetyDays },
    { weight: 2, arbitrary: dateToInstant },
    { weight: 2, arbitrary: instantToDate },
  );
}

/** Windows of three days about some instant: most of a burst falls into one. */
function wideWindows(instants: number[], zone: string): fc.Arbitrary<Params> {
  return fc.constantFrom(...instants).map((ms) => {
    const date = local(ms, zone).toPlainDate();
    return { date_from: date.subtract({ days: 1 }).toString(), date_to: date.add({ days: 1 }).toString() };
  });
}

/** Parameters some of the time, nothing or an empty value otherwise. */
function sometimes(name: string, values: fc.Arbitrary<string>, share: number): fc.Arbitrary<Params> {
  return fc.oneof(
    { weight: share, arbitrary: values.map((value): Params => ({ [name]: value })) },
    { weight: 9 - share, arbitrary: fc.constant<Params>({}) },
    { weight: 1, arbitrary: fc.constant<Params>({ [name]: '' }) },
  );
}

const agentLists = fc.array(agentIds.map(String), { minLength: 1, maxLength: 4 });

/** No agents most of the time, else a list in one of the three spellings. */
const agentFilters: fc.Arbitrary<Params> = fc.oneof(
  { weight: 16, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: agentLists.map((ids) => ({ 'agent_ids[]': ids })) },
  { weight: 1, arbitrary: agentLists.map((ids) => ({ agent_ids: ids.join(',') })) },
  {
    weight: 1,
    arbitrary: agentLists.map((ids) => Object.fromEntries(ids.map((id, index) => [`agent_ids[${index}]`, id]))),
  },
);

/** The instants at which a live rate may be asked for: near calls, where calls leave the window, and now. */
function asOfs(world: World, tenant: number, instants: number[]): fc.Arbitrary<string> {
  const now = instant(world.now);
  const lengths = standing(world, tenant, 'campaigns').map((row) => Number(row.abandon_window_minutes ?? 0) * MINUTE);
  lengths.push(43_200 * MINUTE);
  const anywhere = fc
    .tuple(
      fc.constantFrom(...instants),
      nudges,
      fc.constantFrom(0, 5 * HOUR, 3 * DAY, ...lengths),
      fc.constantFrom(1, 1, MINUTE, HOUR),
    )
    .map(([ms, nudge, length, unit]) => Math.floor((ms + length) / unit) * unit + nudge);
  return fc.tuple(anywhere, forms).map(([ms, form]) => write(Math.min(ms, now), form));
}

/** What a tenant may judge by: the defaults, limits that bursts reach exactly, and odd ones. */
const thresholds: fc.Arbitrary<Thresholds> = fc.record({
  meaningfulSec: fc.constantFrom(0, 1, 29, 30, 31, 60, 3600),
  minDials: fc.constantFrom(1, 2, 19, 20, 20, 21, 30),
  baselineDays: fc.constantFrom(1, 7, 27, 28, 29, 365),
  baselineMinDials: fc.constantFrom(1, 49, 50, 50, 51),
  blockBelowBaseline: fc.constantFrom('0', '33.33', '50', '50', '79.99', '100'),
  blockBelowAsr: fc.constantFrom('0', '0.01', '5', '5.05', '30', '100'),
  blockRejected: fc.constantFrom('0.01', '9.09', '12.5', '20', '20', '33.33', '100'),
  warnBelowBaseline: fc.constantFrom('0', '50', '80', '80', '80.01', '99.99', '100'),
  warnShortCalls: fc.constantFrom('0', '33.33', '40', '40', '57.14', '60', '100'),
  warnRejected: fc.constantFrom('0.01', '4.76', '5', '10', '10', '100'),
});

const NOTHING = fc.constant<Params>({});

function parameters(parts: fc.Arbitrary<Params>[]): fc.Arbitrary<Params> {
  return fc.tuple(...parts).map((given) => Object.assign({}, ...given) as Params);
}

/** A world as one of its tenants may ask about it. */
interface Place {
  world: World;
  tenant: number;
  instants: number[];
  campaigns: string[];
}

/** These values of a report's own parameters, at instants that bite; those that are not given may be empty. */
function ownParams(report: Report, variant: Asked, { world, tenant, instants }: Place): fc.Arbitrary<Params> {
  return parameters(
    Object.entries(report.params).map(([name, param]) => {
      const value = variant[name];
      if (value === undefined) return fc.constantFrom<Params>({}, {}, { [name]: '' });
      const values = isInstant(param) ? asOfs(world, tenant, instants) : fc.constant(value);
      return values.map((text): Params => ({ [name]: text }));
    }),
  );
}

/** Filters and a window: narrow ones, or what leaves most of a tenant's last days together. */
function sharedParams(report: Report, { instants, campaigns }: Place, zone: string): fc.Arbitrary<Params> {
  const isCampaignNeeded = declaredOf(report).campaign_id?.required;
  const some = campaigns.length > 0 ? fc.constantFrom(...campaigns) : fc.constant('');
  const campaign = (share: number) =>
    campaigns.length === 0
      ? NOTHING
      : isCampaignNeeded
        ? some.map((campaign_id): Params => ({ campaign_id }))
        : sometimes('campaign_id', some, share);
  const team = sometimes('team_id', fc.constantFrom('1', '1', '1', '2', '2', '77', String(BIGGEST)), 1);
  const narrow = [windows(instants, zone), campaign(3), team, agentFilters];
  const last = latest(instants);
  const wide = [fc.oneof(windows(last, zone), wideWindows(last, zone)), campaign(1), team];
  return fc.oneof(
    ...[narrow, wide].map(([window = NOTHING, ...filters]) =>
      // A report that takes no dates may be given some all the same.
      parameters([takesDates(report) ? window : fc.oneof(NOTHING, window), ...filters]),
    ),
  );
}

/** A world's tenants. */
const placesOf = (world: World) =>
  TENANTS.map(
    (tenant): Place => ({
      world,
      tenant,
      instants: instantsOf(world, tenant),
      campaigns: campaignsOf(world, tenant).map(String),
    }),
  );

/** The reports that there is something to ask of, each with the tenants that can. */
function askable(world: World): { report: Report; places: Place[] }[] {
  const all = placesOf(world);
  const named = all.filter(({ campaigns }) => campaigns.length > 0);
  return reports
    .map((report) => ({ report, places: declaredOf(report).campaign_id?.required ? named : all }))
    .filter(({ places }) => places.length > 0);
}

/** Valid asks of one report, with these values of its own parameters. */
function asksWith(report: Report, places: Place[], variant: Asked): fc.Arbitrary<Ask> {
  return fc
    .constantFrom(...places)
    .chain((place) => zonesNear(place.instants).map((timezone) => ({ place, timezone })))
    .chain(({ place, timezone }) =>
      fc
        .tuple(sharedParams(report, place, timezone || 'UTC'), ownParams(report, variant, place), fc.option(thresholds))
        .map(
          ([shared, own, judging]): Ask => ({
            report: report.name,
            tenant_id: place.tenant,
            params: { ...(timezone !== null && { timezone }), ...shared, ...own },
            ...(judging !== null && { thresholds: judging }),
          }),
        ),
    );
}

const leastAsks = 4;

/** Asks about a world: each report some times, with every value of its own parameters. */
export function everyAsk(world: World): fc.Arbitrary<Ask[]> {
  const asked = askable(world).flatMap(({ report, places }) => {
    const variants = variantsOf(report);
    const rounds = Array.from({ length: Math.ceil(leastAsks / variants.length) }, () => variants);
    return rounds.flat().map((own) => asksWith(report, places, own));
  });
  return fc.tuple(...asked);
}

/** Any ask about a world. The more columns a report has, the more can be wrong in it, and the more often it is asked. */
export function asks(world: World): fc.Arbitrary<Ask> {
  return fc.oneof(
    ...askable(world).map(({ report, places }) => ({
      weight: Object.keys(report.columns).length,
      arbitrary: fc.constantFrom(...variantsOf(report)).chain((own) => asksWith(report, places, own)),
    })),
  );
}
