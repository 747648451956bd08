package millrace.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Calls a method with what its parameters ask for. */
final class MethodCall implements ObjectCalls.Call, StreamCalls.Call {
    private final Method method;
    private final Object instance;
    private final Class<?>[] types;

    MethodCall(Method method, Object instance) {
        this.method = method;
        this.instance = instance;
        this.types = method.getParameterTypes();
    }

    @Override
    public Object run(Object input, Context context) throws Throwable {
        return call(input, null, context);
    }

    @Override
    public void run(InputStream input, OutputStream output, Context context) throws Throwable {
        call(input, output, context);
    }

    private Object call(Object input, OutputStream output, Context context) throws Throwable {
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < arguments.length; i++) {
            if (types[i] == Context.class) arguments[i] = context;
            else arguments[i] = types[i] == OutputStream.class && output != null ? output : input;
        }
        try {
            return method.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
