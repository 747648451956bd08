package millrace.runtime;

import com.amazonaws.services.lambda.runtime.Context;

/** In place of a handler that isn't there: throws its fault in every run, where Lambda reports it by each call. */
final class FaultyHandler implements Handler {
    final Fault fault;

    FaultyHandler(Fault fault) {
        this.fault = fault;
    }

    @Override
    public void run(byte[] event, Answer answer, Context context) {
        throw fault;
    }
}
