/** Options that are made of declared parameters, and what is asked with them. */
import { type Command, Option } from 'commander';
import type { Param } from '../engine/params.ts';
import { toOptionName } from './show/faults.ts';

/** Options as the command line read them. */
export type OptionTexts = Record<string, string | string[] | undefined>;

/** Parameters of a request, as they were given. */
export type GivenParams = [name: string, value: string][];

/** Adds an option for each parameter; those that change nothing are taken and not shown. Gives what reads them. */
export function addParams(
  command: Command,
  params: Record<string, Param>,
  unused: readonly string[],
): (options: OptionTexts) => GivenParams {
  const options = toOptions(params, unused);
  for (const option of options) command.addOption(option);
  return (read) =>
    options
      .filter(({ param }) => Object.hasOwn(params, param))
      .flatMap((option) =>
        [read[option.attributeName()] ?? []].flat().map((value): [string, string] => [option.param, value]),
      );
}

/** An option, and the parameter that it gives. */
class ParamOption extends Option {
  readonly param: string;
  constructor(flags: string, about: string, param: string) {
    super(flags, about);
    this.param = param;
  }
}

function toOptions(params: Record<string, Param>, unused: readonly string[]): ParamOption[] {
  const options = Object.entries(params).flatMap(([name, param]) => {
    const option = new ParamOption(toFlags(name, param), toAbout(param), name);
    if (!param.isList) return [option];
    option.argParser(collect);
    if (name !== 'agent_ids') return [option];
    return [option, new ParamOption('--agent <id>', 'the same, one at a time', name).argParser(collect).hideHelp()];
  });
  for (const option of options) if (unused.includes(option.param)) option.hideHelp();
  const others = unused.filter((name) => !Object.hasOwn(params, name));
  const ignored = others.map((name) => new ParamOption(`${toOptionName(name)} <value>`, 'not used', name));
  return [...options, ...ignored.map((option) => option.hideHelp())];
}

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];

function toFlags(name: string, param: Param): string {
  const option = toOptionName(name);
  return `${option} <${hasManyWords(param) ? option.slice(2) : param.placeholder}>`;
}

function toAbout(param: Param): string {
  const { about, kind, choices = [], required } = param;
  const default_ = param.default === undefined ? '' : ` (default: ${param.default})`;
  return [
    lowerFirst(about),
    kind === 'ids' ? ', such as 25,26' : '',
    hasManyWords(param) ? `; one of ${choices.join(', ')}${default_}` : '',
    required ? ' (required)' : '',
  ].join('');
}

// Beside the name of the option they would push all texts to the right.
const hasManyWords = ({ choices, placeholder }: Param) => choices !== undefined && placeholder.length > 24;
const lowerFirst = (text: string) => (/^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text);
