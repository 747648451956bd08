package millrace.runtime;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.ServiceLoader;
import millrace.runtime.json.JsonDecoder;
import millrace.runtime.json.JsonEncoder;

/** What makes objects of events and answers of objects: our own JSON, or a serializer that the function brings. */
final class Serializers {
    interface Serializer {
        Object read(byte[] event);

        void write(Object result, Answer answer);
    }

    private final ClassLoader code;
    private CustomPojoSerializer brought;
    private boolean hasLooked;

    Serializers(ClassLoader code) {
        this.code = code;
    }

    Serializer of(Type type) {
        if (!hasLooked) brought = look();
        hasLooked = true;
        return brought == null ? new Own(new JsonDecoder(), type) : new Brought(brought, type);
    }

    private CustomPojoSerializer look() {
        Iterator<CustomPojoSerializer> found = ServiceLoader.load(CustomPojoSerializer.class, code).iterator();
        if (!found.hasNext()) return null;
        CustomPojoSerializer first = found.next();
        if (!found.hasNext()) return first;
        String message = "Too many serializers provided inside the META-INF/services folder, only one is allowed";
        throw new IllegalStateException(message);
    }

    private static final class Own implements Serializer {
        private final JsonDecoder decoder;
        private final Type type;

        Own(JsonDecoder decoder, Type type) {
            this.decoder = decoder;
            this.type = type;
        }

        @Override
        public Object read(byte[] event) {
            return decoder.read(event, type);
        }

        @Override
        public void write(Object result, Answer answer) {
            new JsonEncoder(answer).write(result, type);
        }
    }

    private static final class Brought implements Serializer {
        private final CustomPojoSerializer serializer;
        private final Type type;

        Brought(CustomPojoSerializer serializer, Type type) {
            this.serializer = serializer;
            this.type = type;
        }

        @Override
        public Object read(byte[] event) {
            return serializer.fromJson(new ByteArrayInputStream(event), type);
        }

        @Override
        public void write(Object result, Answer answer) {
            serializer.toJson(result, answer, type);
            answer.requireJson();
        }
    }
}
