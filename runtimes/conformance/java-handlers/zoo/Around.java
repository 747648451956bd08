package zoo;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a handler finds around itself. */
public class Around {
    private static int count;

    public static int count() { return ++count; }

    public static Map<String, Object> context(Object in, Context context) {
        Map<String, Object> told = new TreeMap<>();
        told.put("id", context.getAwsRequestId());
        told.put("names", Arrays.asList(context.getFunctionName(), context.getFunctionVersion(),
                context.getInvokedFunctionArn(), context.getLogGroupName(), context.getLogStreamName()));
        told.put("memory", context.getMemoryLimitInMB());
        told.put("left", context.getRemainingTimeInMillis());
        ClientContext client = context.getClientContext();
        told.put("nothing", client == null && context.getIdentity() == null && context.getTenantId() == null
                && context.getXrayTraceId() == null);
        return told;
    }

    public static Map<String, Object> process() {
        Map<String, Object> told = new TreeMap<>();
        told.put("greeting", System.getenv("GREETING"));
        told.put("spaced", System.getenv().get("WITH SPACE"));
        told.put("left over", System.getenv("LEFT_OVER"));
        told.put("child", new ProcessBuilder().environment().get("GREETING"));
        told.put("zone", java.util.TimeZone.getDefault().getID());
        told.put("encoding", java.nio.charset.Charset.defaultCharset().name());
        told.put("loader", Thread.currentThread().getContextClassLoader() == Around.class.getClassLoader());
        told.put("parent", Context.class.getClassLoader() == Around.class.getClassLoader().getParent());
        return told;
    }

    public static String prints() {
        System.out.println("one 2");
        System.out.print("no end ä\n");
        System.err.println("error");
        System.out.write('b');
        System.out.printf("%d%n", 5);
        return "printed";
    }

    public static String logs(Object in, Context context) {
        LambdaLogger logger = context.getLogger();
        logger.log("plain\n");
        logger.log("bytes\n".getBytes(StandardCharsets.UTF_8));
        logger.log("hidden\n", LogLevel.DEBUG);
        logger.log("warned\n", LogLevel.WARN);
        LambdaRuntime.getLogger().log((String) null);
        return "logged";
    }

    public static int floods(int lines) {
        for (int i = 0; i < lines; i++) System.out.println("y".repeat(99));
        return lines;
    }

    public static String large(int characters) { return "x".repeat(characters); }
    public static Object echo(Object in) { return in; }

    public static String resource() throws IOException {
        try (java.io.InputStream in = Around.class.getResourceAsStream("/settings.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
        }
    }
}
