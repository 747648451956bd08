package millrace.runtime;

import com.amazonaws.services.lambda.runtime.Context;

/** What one run calls, whatever shape the function's code has. */
interface Handler {
    void run(byte[] event, Answer answer, Context context) throws Throwable;
}
