// Error objects as Lambda's client makes them: type, message, frames, and what caused it. Called by HostProcess.
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Millrace.Host;

internal static class ErrorObject
{
    // As in runtimes/node/error-object.cjs: a frame to the server has an end, and so has the list that shows errors.
    private const int MessageLimitChars = 256 * 1024;
    private const int KindLimitChars = 1024;
    private const int TraceLimitChars = 256 * 1024;
    private const int CausesLimit = 16;

    /// <summary>Where frames begin that are none of the function's: ours, and those of calls by reflection.</summary>
    private static readonly string[] Outside =
    {
        "at Millrace.Host.", "at System.RuntimeMethodHandle.", "at System.Reflection.", "at InvokeStub_",
        "at System.RuntimeType.", "at System.Runtime.CompilerServices.TaskAwaiter.",
        "at System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw", "--- End of stack trace from previous location",
    };

    internal static ReadOnlySpan<byte> Of(Exception error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = 100 });
        var left = CausesLimit;
        Write(writer, error, ref left);
        writer.Flush();
        return buffer.WrittenSpan;
    }

    internal static string KindOf(Exception error) => error is Fault fault ? fault.Kind : error.GetType().Name;

    internal static string MessageOf(Exception error)
    {
        try
        {
            return error.Message ?? "";
        }
        catch (Exception)
        {
            // The code of a function wrote its Message.
            return "<the exception can't be printed>";
        }
    }

    /// <returns>the lines of a stack trace without what is outside of the function</returns>
    internal static IEnumerable<string> OwnFrames(string trace)
    {
        var lines = (trace ?? "").Split('\n').Select(line => line.Trim()).Where(line => line != "").ToList();
        while (lines.Count > 0 && Outside.Any(lines[lines.Count - 1].StartsWith)) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <returns>these lines as a stack trace has them</returns>
    internal static string OwnTrace(string trace) => string.Join("\n", OwnFrames(trace).Select(line => "   " + line));

    private static void Write(Utf8JsonWriter writer, Exception error, ref int left)
    {
        left--;
        writer.WriteStartObject();
        writer.WriteString("errorType", Cut(KindOf(error), KindLimitChars));
        writer.WriteString("errorMessage", Cut(MessageOf(error), MessageLimitChars));
        WriteTrace(writer, error);
        if (error.InnerException != null && left > 0)
        {
            writer.WritePropertyName("cause");
            Write(writer, error.InnerException, ref left);
        }
        if (error is AggregateException { InnerExceptions: var causes } && left > 0)
        {
            writer.WriteStartArray("causes");
            foreach (var cause in causes)
            {
                if (left > 0) Write(writer, cause, ref left);
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static void WriteTrace(Utf8JsonWriter writer, Exception error)
    {
        if (error is Fault) return;
        writer.WriteStartArray("stackTrace");
        var left = TraceLimitChars;
        foreach (var frame in OwnFrames(error.StackTrace).TakeWhile(_ => left > 0))
        {
            writer.WriteStringValue(Cut(frame, left));
            left -= frame.Length;
        }
        writer.WriteEndArray();
    }

    private static string Cut(string text, int limit) => text.Length > limit ? text.Substring(0, limit) : text;
}
