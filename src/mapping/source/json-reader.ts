/** Reads one JSON value, and takes the fields out of it that a mapping names. */
import { cleanText } from '../../clean-text.ts';
import type { Branch } from './json-branches.ts';
import { decodePercent, skipSpace } from './json-text.ts';

/** What stands at a place of a text: a value, with the fields that were looked for in it; only its beginning; or no JSON. */
export type JsonReading =
  | { kind: 'value'; end: number; fields: string[]; fault: FieldFault | undefined }
  | { kind: 'cut' }
  | { kind: 'broken'; at: number; reason: string };

/** Why a record can't be taken; `field` is the one to blame, when there is one. */
interface FieldFault {
  field?: string;
  fault: string;
}

/** Levels of braces and brackets: no record of a call is deeper. */
const deepestJson = 100;

// Fields that a record does not have take memory, too: a mapping may name very many, and a record be two braces.
const mostFieldsAtOnce = 100_000;

const literal = /-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null/y;
const [quote, backslash, openBrace, openBracket] = [0x22, 0x5c, 0x7b, 0x5b];

/**
 * Reads JSON values and takes the fields out of them that a mapping names; whatever else is there is passed over, but must be
 * JSON. Numbers keep the digits that they are written with: a parser's own numbers would lose those of long ones.
 */
export class JsonReader {
  /** Which of the fields stood in any record so far. */
  readonly seen: boolean[];
  /** How many records may be held at once. */
  readonly mostAtOnce: number;
  private readonly root: Branch;
  private readonly decimal: string;
  private text = '';
  private at = 0;
  private isEnd = false;
  private fields: string[] = [];
  private fault: FieldFault | undefined;
  private stop: Exclude<JsonReading, { kind: 'value' }> | undefined;

  /** `decimal` is the mark before decimals that the mapping expects: JSON's own numbers have a point. */
  constructor(root: Branch, { width, decimal }: { width: number; decimal: string }) {
    [this.root, this.decimal] = [root, decimal];
    this.seen = Array.from({ length: width }, () => false);
    this.mostAtOnce = Math.ceil(mostFieldsAtOnce / Math.max(1, width));
  }

  /** Reads the value at a position, which is no white space. When `isEnd` is false, more of the text may follow. */
  read(text: string, from: number, isEnd: boolean): JsonReading {
    [this.text, this.at, this.isEnd] = [text, from, isEnd];
    this.fields = this.seen.map(() => '');
    this.fault = undefined;
    this.stop = undefined;
    const first = text.charCodeAt(from);
    const isRead = this.value(first === openBrace ? this.root : undefined, 1);
    if (!isRead) return this.stop ?? { kind: 'cut' };
    if (first !== openBrace)
      this.blame({ fault: `is ${first === openBracket ? 'a list' : 'a single value'}, not an object` });
    return { kind: 'value', end: this.at, fields: this.fields, fault: this.fault };
  }

  private value(branch: Branch | undefined, depth: number): boolean {
    const first = this.text.charCodeAt(this.at);
    if (first === openBrace || first === openBracket) {
      if (depth > deepestJson) return this.isBroken(`it is nested more than ${deepestJson} levels deep`);
      if (branch && isField(branch)) {
        const what = first === openBrace ? 'an object' : 'a list';
        this.blame({ field: branch.path, fault: `is ${what}, not a single value: name what is in it by a path` });
        this.see(branch);
      }
      return first === openBrace ? this.object(branch, depth) : this.list(branch, depth);
    }
    if (first === quote) {
      const text = this.string(branch !== undefined && isField(branch));
      if (text === undefined) return false;
      if (branch) this.put(branch, text, branch.isEncoded);
      return true;
    }
    return this.literal(branch);
  }

  private object(branch: Branch | undefined, depth: number): boolean {
    const found = branch && new Set<Branch>();
    this.at++;
    if (this.isNext('}')) return true;
    for (;;) {
      if (!this.space()) return false;
      if (this.text.charCodeAt(this.at) !== quote) return this.isBroken('a name in quotes is missing');
      const name = this.string(branch !== undefined);
      if (name === undefined) return false;
      if (!this.isNext(':')) return this.isBroken('a colon is missing');
      const next = branch?.names.get(name);
      if (next && found?.has(next)) this.blame({ field: next.path, fault: 'stands twice in its object' });
      if (next) found?.add(next);
      if (!this.space() || !this.value(next, depth + 1)) return false;
      if (this.isNext(',')) continue;
      return this.isNext('}') || this.isBroken('a comma or a closing brace is missing');
    }
  }

  private list(branch: Branch | undefined, depth: number): boolean {
    this.at++;
    if (this.isNext(']')) return true;
    for (let item = 0; ; item++) {
      if (!this.space() || !this.value(branch?.items.get(item), depth + 1)) return false;
      if (this.isNext(',')) continue;
      return this.isNext(']') || this.isBroken('a comma or a closing bracket is missing');
    }
  }

  /** Passes a string over, and gives its text when that is wanted, '' otherwise; undefined when it does not end. */
  private string(isWanted: boolean): string | undefined {
    const { text } = this;
    const from = this.at;
    let [at, isEscaped] = [from + 1, false];
    for (let unit = text.charCodeAt(at); unit !== quote; unit = text.charCodeAt(++at)) {
      // A comparison with NaN, which stands behind the end, holds of nothing.
      if (!(unit >= 0x20)) {
        this.at = at;
        if (at < text.length)
          this.isBroken('a text has a line end or another control character in it, which JSON escapes');
        else this.isBroken('a quote is never closed');
        return undefined;
      }
      if (unit !== backslash) continue;
      isEscaped = true;
      at++;
    }
    this.at = at + 1;
    if (!isEscaped) return isWanted ? text.slice(from + 1, at) : '';
    try {
      return JSON.parse(text.slice(from, at + 1)) as string;
    } catch {
      this.at = from;
      this.isBroken('a text has a backslash in it with which JSON escapes nothing');
      return undefined;
    }
  }

  private literal(branch: Branch | undefined): boolean {
    literal.lastIndex = this.at;
    const [found] = literal.exec(this.text) ?? [];
    const end = this.at + (found?.length ?? 0);
    // It may go on, or may be one when more of it has come.
    if (!this.isEnd && /^[-+.0-9a-zA-Z]*$/.test(this.text.slice(end, end + 10)) && this.text.length - end < 10) {
      this.stop = { kind: 'cut' };
      return false;
    }
    if (found === undefined) return this.isBroken('a value is missing');
    this.at = end;
    if (branch) this.put(branch, this.toText(found), false);
    return true;
  }

  private toText(found: string): string {
    if (found === 'null') return '';
    return this.decimal === '.' ? found : found.replace('.', this.decimal);
  }

  private put(branch: Branch, text: string, isEncoded: boolean): void {
    if (!isField(branch)) return;
    const { path } = branch;
    this.see(branch);
    const decoded = isEncoded ? decodePercent(text) : text;
    if (decoded === undefined) {
      this.blame({ field: path, fault: 'is not percent-encoded, as file.percent_encoded of the mapping says' });
    } else if (!decoded.isWellFormed()) {
      this.blame({ field: path, fault: 'has half a character in it (a lone surrogate, such as \\ud800)' });
    } else for (const position of branch.positions) this.fields[position] = cleanText(decoded);
  }

  private see({ positions }: Branch): void {
    for (const position of positions) this.seen[position] = true;
  }

  /** The first thing that is wrong is told. */
  private blame(fault: FieldFault): void {
    this.fault ??= fault;
  }

  private isNext(mark: string): boolean {
    if (!this.space() || this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  /** Passes white space over; false when nothing comes after it. */
  private space(): boolean {
    this.at = skipSpace(this.text, this.at);
    return this.at < this.text.length || this.isBroken('it ends within an object or a list');
  }

  /** Always false. What is broken at the end of what has come may go on. */
  private isBroken(reason: string): false {
    const isCut = this.at >= this.text.length && !this.isEnd;
    this.stop ??= isCut ? { kind: 'cut' } : { kind: 'broken', at: this.at, reason };
    return false;
  }
}

const isField = ({ positions }: Branch) => positions.length > 0;
