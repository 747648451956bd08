package com.amazonaws.services.lambda.runtime;

/** A handler that gets its event as an object and answers with one. */
public interface RequestHandler<I, O> {
    O handleRequest(I input, Context context);
}
