// How a failure looks to the caller that made the request: each dialect has its own renderer, and this is the
// plain one that serves where no dialect does. Pure.
import type { Failure } from '../errors/failure.ts';

/** What is sent: the status line, extra headers, and a body that is sent as JSON. */
export type RenderedFailure = { status: number; headers: Record<string, string>; body: unknown };

/** @param reference joins the answer to its line in the log */
export type FailureRenderer = (failure: Failure, reference: string) => RenderedFailure;

/**
 * The envelope of paths that belong to no dialect: docs/errors.md. `field` and `facts` are there where there
 * are any.
 */
export const renderPlainFailure: FailureRenderer = (failure, reference) => {
  const { code, message, field, facts } = failure;
  return {
    status: failure.kind.status,
    headers: {},
    body: {
      error: {
        code,
        message,
        ...(field === undefined ? {} : { field }),
        ...(Object.keys(facts).length === 0 ? {} : { facts }),
        reference,
      },
    },
  };
};
