// One record of the log as a JSON object. Called by RunLog.
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Millrace.Host;

internal static class JsonLine
{
    private static readonly JsonWriterOptions Readable = new JsonWriterOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string Of(
        string level,
        string requestId,
        string message,
        IEnumerable<KeyValuePair<string, object>> arguments,
        Exception error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Readable);
        writer.WriteStartObject();
        writer.WriteString("timestamp", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        writer.WriteString("level", level);
        if (!string.IsNullOrEmpty(requestId)) writer.WriteString("requestId", requestId);
        writer.WriteString("message", message);
        foreach (var (name, value) in arguments) WriteArgument(writer, name, value);
        if (error != null)
        {
            writer.WriteString("errorType", error.GetType().FullName);
            writer.WriteString("errorMessage", ErrorObject.MessageOf(error));
            writer.WriteStartArray("stackTrace");
            foreach (var line in RunLog.TextOf(error).Split('\n')) writer.WriteStringValue(line.Trim());
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteArgument(Utf8JsonWriter writer, string name, object value)
    {
        writer.WritePropertyName(name);
        try
        {
            var json = value is Exception ? JsonSerializer.SerializeToUtf8Bytes(value.ToString()) : JsonSerializer.SerializeToUtf8Bytes(value);
            writer.WriteRawValue(json);
        }
        catch (Exception)
        {
            // The code of a function made it: it may refer to itself.
            writer.WriteStringValue(value.GetType().FullName);
        }
    }
}
