/**
 * Finds where a character stands next. Every part of the text is looked through once, but for what lies before a position
 * that was asked for already.
 */
export class MarkFinder {
  private readonly text: string;
  private readonly mark: string;
  // Between the two there is none.
  private seenFrom = 0;
  private found = -1;

  constructor(text: string, mark: string) {
    this.text = text;
    this.mark = mark;
  }

  /** The position from another one on; the text's length when there is none. */
  from(at: number): number {
    if (at >= this.seenFrom && at <= this.found) return this.found;
    return this.look(at);
  }

  private look(at: number): number {
    if (at < this.seenFrom) {
      const before = this.text.slice(at, this.seenFrom).indexOf(this.mark);
      if (before >= 0) return at + before;
    } else {
      const found = this.text.indexOf(this.mark, at);
      this.found = found < 0 ? this.text.length : found;
    }
    this.seenFrom = at;
    return this.found;
  }
}
