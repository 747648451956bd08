package com.amazonaws.services.lambda.runtime;

/** The logger for code that has no context at hand. */
public final class LambdaRuntime {
    /** Libraries set this field by its name, and so does the runtime. */
    private static volatile LambdaLogger logger = new LambdaLogger() {
        @Override
        public void log(String message) {
            System.out.print(message);
        }

        @Override
        public void log(byte[] message) {
            System.out.write(message, 0, message.length);
        }
    };

    private LambdaRuntime() {}

    public static LambdaLogger getLogger() {
        return logger;
    }
}
