// Cuts a byte stream into lines of bounded length. Pure but for what it holds back. Used on both ends of the
// supervisor's socket.

/** A peer sent more than a line may have. */
export class LineTooLongError extends Error {
  constructor(limitBytes: number) {
    super(`a line is longer than ${limitBytes} bytes`);
    this.name = 'LineTooLongError';
  }
}

export class LineReader {
  private readonly limitBytes: number;
  private held: Buffer = Buffer.alloc(0);

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /**
   * @returns the whole lines so far, without their ends
   * @throws LineTooLongError
   */
  push(chunk: Buffer): string[] {
    const data = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const lines: string[] = [];
    let from = 0;
    for (let end = data.indexOf(10, from); end !== -1; end = data.indexOf(10, from)) {
      if (end - from > this.limitBytes) throw new LineTooLongError(this.limitBytes);
      lines.push(data.toString('utf8', from, end));
      from = end + 1;
    }
    this.held = data.subarray(from);
    if (this.held.length > this.limitBytes) throw new LineTooLongError(this.limitBytes);
    return lines;
  }
}
