// What the server says in START and of each run, read out of its JSON. Called by HostProcess.
using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Millrace.Host;

internal sealed class StartFacts
{
    internal string Handler;
    internal string TaskRoot;
    internal string FunctionName;
    internal string FunctionVersion;
    internal int MemoryMb;
    internal string LogGroupName;
    internal string LogStreamName;
    internal int ResultLimitBytes;
    internal readonly Dictionary<string, string> Variables = new Dictionary<string, string>();

    internal static StartFacts Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var start = document.RootElement;
        var facts = new StartFacts
        {
            Handler = TextOf(start, "handler"),
            TaskRoot = TextOf(start, "taskRoot"),
            FunctionName = TextOf(start, "functionName"),
            FunctionVersion = TextOf(start, "functionVersion"),
            MemoryMb = start.GetProperty("memoryMb").GetInt32(),
            LogGroupName = TextOf(start, "logGroupName"),
            LogStreamName = TextOf(start, "logStreamName"),
            ResultLimitBytes = start.GetProperty("resultLimitBytes").GetInt32(),
        };
        foreach (var variable in start.GetProperty("env").EnumerateObject())
            facts.Variables[variable.Name] = variable.Value.GetString();
        return facts;
    }

    private static string TextOf(JsonElement element, string name) => element.GetProperty(name).GetString();
}

internal sealed class RunFacts
{
    internal string RequestId;
    internal long DeadlineMs;
    internal string FunctionArn;
    /// <summary>null: the run is part of no trace</summary>
    internal string TraceId;

    internal static RunFacts Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var head = document.RootElement;
        return new RunFacts
        {
            RequestId = head.GetProperty("requestId").GetString(),
            DeadlineMs = head.GetProperty("deadlineMs").GetInt64(),
            FunctionArn = head.GetProperty("functionArn").GetString(),
            TraceId = head.TryGetProperty("traceId", out var traceId) ? traceId.GetString() : null,
        };
    }
}
