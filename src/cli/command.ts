/** What commands are made of: options that several of them have, and how their texts are read. */
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Adds the options that say which data a command is about. */
export function withDoor(command: Command): Command {
  return command
    .option('--data-dir <dir>', 'the data directory (default: DATA_DIR, or ./data)')
    .option('--url <url>', 'a server elsewhere, such as https://reports.example.com')
    .option('--token-file <file>', 'a file with the token for that server (default: DIALTALLY_TOKEN)')
    .option('--token <token>', 'the token itself; others on this machine can see it');
}

/** Adds the options of a command for this machine alone, which says so when it is given the others. */
export function withLocalDoor(command: Command): Command {
  return command
    .option('--data-dir <dir>', 'the data directory (default: DATA_DIR, or ./data)')
    .addOption(new Option('--url <url>').hideHelp())
    .addOption(new Option('--token-file <file>').hideHelp())
    .addOption(new Option('--token <token>').hideHelp());
}

/** Adds the option that names the tenant. */
export function withTenant(command: Command): Command {
  return command.addOption(
    new Option('--tenant <n>', 'whose rows; with --url the token knows').argParser(readWholeNumber),
  );
}

/** Adds examples to a command's help. */
export function withExamples(command: Command, ...examples: string[]): Command {
  return command.addHelpText(
    'after',
    `\nExamples:\n${examples.map((example) => `  $ dialtally ${example}`).join('\n')}`,
  );
}

/** Reads an option that is a whole number from 1. */
export function readWholeNumber(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > Number.MAX_SAFE_INTEGER) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

/** Reads an option that is a port, 0 for any. */
export function readPort(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (value < 0 || value > 65_535) throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return value;
}
