package millrace.runtime;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import millrace.runtime.json.JsonEncoder;

/** LambdaLogger: lines as Lambda's client writes them, as text or as JSON. Writes to what System.out is at that moment. */
final class FunctionLogger implements LambdaLogger {
    private final LogLevel least;
    private final LogFormat format;
    private volatile String requestId;

    /** @throws IllegalArgumentException when a variable names what there is not, as at Lambda */
    FunctionLogger(Map<String, String> environment) {
        least = LogLevel.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_LEVEL", "UNDEFINED"));
        format = LogFormat.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_FORMAT", "TEXT"));
    }

    void install() throws ReflectiveOperationException {
        Field logger = LambdaRuntime.class.getDeclaredField("logger");
        logger.setAccessible(true);
        logger.set(null, this);
    }

    void startRun(String id) {
        requestId = id;
    }

    /** As Lambda tells of an error. */
    void logError(String text) {
        log(text, format == LogFormat.JSON ? LogLevel.ERROR : LogLevel.UNDEFINED);
    }

    @Override
    public void log(String message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    public void log(byte[] message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    public void log(String message, LogLevel level) {
        if (isLeftOut(level)) return;
        write(format == LogFormat.JSON ? asJson(message, level) : asText(message, level));
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        if (isLeftOut(level)) return;
        write(message == null ? "null".getBytes(StandardCharsets.UTF_8) : message);
    }

    private boolean isLeftOut(LogLevel level) {
        return level != LogLevel.UNDEFINED && level.ordinal() < least.ordinal();
    }

    private static byte[] asText(String message, LogLevel level) {
        String line = level == LogLevel.UNDEFINED ? String.valueOf(message) : "[" + level + "] " + message;
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] asJson(String message, LogLevel level) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("timestamp", DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
                .format(Instant.now().atOffset(ZoneOffset.UTC)));
        told.put("message", message);
        told.put("level", level.name());
        told.put("AWSRequestId", requestId);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        new JsonEncoder(line).writeMembers(told);
        line.write('\n');
        return line.toByteArray();
    }

    private static void write(byte[] bytes) {
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }
}
