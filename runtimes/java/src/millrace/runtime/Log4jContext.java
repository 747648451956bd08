package millrace.runtime;

/** Gives the run's id to Log4j, where the function's code has the appender that asks for it. */
final class Log4jContext {
    private Log4jContext() {}

    static void put(ClassLoader code, String requestId) {
        if (put(code, "org.apache.logging.log4j.ThreadContext", String.class, requestId)) return;
        if (put(code, "org.apache.log4j.MDC", Object.class, requestId)) return;
        System.err.println("Customer using log4j appender but unable to load either org.apache.log4j.MDC or "
                + "org.apache.logging.log4j.ThreadContext. Customer cannot see RequestId in log4j log lines.");
    }

    private static boolean put(ClassLoader code, String name, Class<?> valueType, String requestId) {
        try {
            Class<?> context = Class.forName(name, true, code);
            context.getMethod("put", String.class, valueType).invoke(null, "AWSRequestId", requestId);
            return true;
        } catch (ReflectiveOperationException | LinkageError e) {
            return false;
        }
    }
}
