// `@millrace/types/revcent`: what the body of a RevCent function finds (docs/revcent.md). A file of such code
// begins with `/// <reference types="@millrace/types/revcent" />`.

declare global {
  /** What happened. */
  // biome-ignore lint/suspicious/noExplicitAny: each trigger has its own
  const event: any;
  // biome-ignore lint/suspicious/noExplicitAny: each trigger has its own
  const context: any;
  /** Its first call ends the run. */
  const callback: (error?: unknown, result?: unknown) => void;
  namespace globalThis {
    var revcent: {
      GetKeyValue(key: string, callback: (error: { code: string } | null, value?: string) => void): void;
      UpdateKeyValue(key: string, value: string, callback: (error: { code: string } | null) => void): void;
    };
  }
}

export {};
