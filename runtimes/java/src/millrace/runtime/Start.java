package millrace.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import millrace.runtime.json.JsonReader;

/** What the server has said of the function: the payload of START. */
final class Start {
    final String handler;
    final String taskRoot;
    final String functionName;
    final String functionVersion;
    final int memoryMb;
    final String logGroupName;
    final String logStreamName;
    final int resultLimitBytes;
    final Map<String, String> environment = new LinkedHashMap<>();

    Start(byte[] payload) {
        Map<?, ?> told = (Map<?, ?>) new JsonReader(payload).read();
        handler = (String) told.get("handler");
        taskRoot = (String) told.get("taskRoot");
        functionName = (String) told.get("functionName");
        functionVersion = (String) told.get("functionVersion");
        memoryMb = ((Number) told.get("memoryMb")).intValue();
        logGroupName = (String) told.get("logGroupName");
        logStreamName = (String) told.get("logStreamName");
        resultLimitBytes = ((Number) told.get("resultLimitBytes")).intValue();
        for (Map.Entry<?, ?> variable : ((Map<?, ?>) told.get("env")).entrySet()) {
            environment.put((String) variable.getKey(), (String) variable.getValue());
        }
    }
}
