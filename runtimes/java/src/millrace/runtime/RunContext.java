package millrace.runtime;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import java.util.Map;

/** The context of one run, with every member that Lambda's has (docs/specs/lambda.md section 6). */
final class RunContext implements Context {
    private final Start start;
    private final String requestId;
    private final String functionArn;
    private final long deadlineMs;
    private final String traceId;

    /** @param head of INVOKE */
    RunContext(Start start, Map<?, ?> head) {
        this.start = start;
        requestId = (String) head.get("requestId");
        functionArn = (String) head.get("functionArn");
        deadlineMs = ((Number) head.get("deadlineMs")).longValue();
        traceId = (String) head.get("traceId");
    }

    @Override
    public String getXrayTraceId() {
        return traceId;
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getLogGroupName() {
        return start.logGroupName;
    }

    @Override
    public String getLogStreamName() {
        return start.logStreamName;
    }

    @Override
    public String getFunctionName() {
        return start.functionName;
    }

    @Override
    public String getFunctionVersion() {
        return start.functionVersion;
    }

    @Override
    public String getInvokedFunctionArn() {
        return functionArn;
    }

    @Override
    public CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        long left = deadlineMs - System.currentTimeMillis();
        return (int) Math.max(0, Math.min(left, Integer.MAX_VALUE));
    }

    @Override
    public int getMemoryLimitInMB() {
        return start.memoryMb;
    }

    @Override
    public LambdaLogger getLogger() {
        return LambdaRuntime.getLogger();
    }
}
