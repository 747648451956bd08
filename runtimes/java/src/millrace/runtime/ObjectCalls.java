package millrace.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.lang.reflect.Type;

/** A handler whose event and answer are objects. */
final class ObjectCalls implements Handler {
    interface Call {
        Object run(Object input, Context context) throws Throwable;
    }

    private final Serializers.Serializer input;
    private final Serializers.Serializer output;
    private final Call call;

    /** @param inputType null: the event isn't wanted @param outputType null: the answer is `null` */
    ObjectCalls(Serializers serializers, Type inputType, Type outputType, Call call) {
        this.input = inputType == null ? null : serializers.of(inputType);
        this.output = outputType == null || MethodFinder.isVoid(outputType) ? null : serializers.of(outputType);
        this.call = call;
    }

    static Handler of(RequestHandler<Object, Object> handler, Type[] types, Serializers serializers) {
        return new ObjectCalls(serializers, types[0], types[1], new Call() {
            @Override
            public Object run(Object input, Context context) {
                return handler.handleRequest(input, context);
            }
        });
    }

    @Override
    public void run(byte[] event, Answer answer, Context context) throws Throwable {
        Object result = call.run(read(event), context);
        if (output == null) answer.writeNull();
        else write(result, answer);
    }

    private Object read(byte[] event) {
        try {
            return input == null ? null : input.read(event);
        } catch (Throwable e) {
            throw new RuntimeException("An error occurred during JSON parsing", e);
        }
    }

    private void write(Object result, Answer answer) {
        try {
            output.write(result, answer);
        } catch (Throwable e) {
            throw new RuntimeException("An error occurred during JSON serialization of response", e);
        }
    }
}
