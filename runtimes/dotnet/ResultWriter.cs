// Makes the result of a run of what the handler returns: waits for a task, serializes its value, or takes a stream as it is. What
// goes out must be JSON, as callers here read it. Called by FunctionHandler.
using System;
using System.IO;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace Millrace.Host;

internal sealed class ResultWriter
{
    private static readonly byte[] Null = Encoding.ASCII.GetBytes("null");

    /// <summary>Waits for what the handler returned, and gives its value.</summary>
    private Func<object, object> _valueOf = value => value;
    /// <summary>null: there is no value.</summary>
    private Action<object, Stream> _write;
    private int _limitBytes;

    internal static ResultWriter Of(MethodInfo method, HandlerName name, FunctionSerializer serializer, int limitBytes)
    {
        var writer = new ResultWriter { _limitBytes = limitBytes };
        var type = writer.Await(method.ReturnType);
        if (type == typeof(void)) return writer;
        writer._write = typeof(Stream).IsAssignableFrom(type)
            ? CopyStream
            : FunctionHandler.RequireSerializer(serializer, name, type, "serialize output").WriterOf(type);
        return writer;
    }

    internal ReadOnlyMemory<byte> Write(object returned)
    {
        var value = _valueOf(returned);
        if (_write == null) return Null;
        var stream = new MemoryStream();
        _write(value, stream);
        var bytes = new ReadOnlyMemory<byte>(stream.ToArray());
        if (bytes.Length == 0) return Null;
        if (bytes.Length > _limitBytes)
            throw new Fault($"Response payload size exceeded maximum allowed payload size ({_limitBytes} bytes).", "Function.ResponseSizeTooLarge");
        RequireJson(bytes.Span);
        return bytes;
    }

    /// <returns>the type of the value that is waited for</returns>
    private Type Await(Type returned)
    {
        if (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            var asTask = returned.GetMethod("AsTask");
            var result = asTask.ReturnType.GetProperty("Result");
            _valueOf = value => ResultOf((Task)asTask.Call(value), result);
            return returned.GenericTypeArguments[0];
        }
        if (returned == typeof(ValueTask))
        {
            _valueOf = value => ResultOf(((ValueTask)value).AsTask(), null);
            return typeof(void);
        }
        if (!typeof(Task).IsAssignableFrom(returned)) return returned;
        var generic = returned;
        while (generic != null && !(generic.IsGenericType && generic.GetGenericTypeDefinition() == typeof(Task<>)))
            generic = generic.BaseType;
        var property = generic?.GetProperty("Result");
        _valueOf = value => ResultOf((Task)value, property);
        return generic == null ? typeof(void) : generic.GenericTypeArguments[0];
    }

    private static object ResultOf(Task task, PropertyInfo result)
    {
        task.GetAwaiter().GetResult();
        return result?.GetMethod.Call(task);
    }

    private static void CopyStream(object value, Stream into)
    {
        using var stream = (Stream)value;
        if (stream == null) return;
        // What was written into it is what counts, as at Lambda.
        if (stream.CanSeek) stream.Position = 0;
        stream.CopyTo(into);
    }

    private static void RequireJson(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 1_000_000 });
            while (reader.Read()) { }
        }
        catch (JsonException error)
        {
            throw new Fault("Unable to marshal response: " + error.Message, "Runtime.MarshalError");
        }
        if (!IsText(bytes)) throw new Fault("Unable to marshal response: it is not UTF-8.", "Runtime.MarshalError");
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
