// The `ILambdaContext` of a run and what hangs on it, with every member that Lambda's has; a member that we don't know answers what
// its type has by default. Called by FunctionHandler.
using System;

namespace Millrace.Host;

internal sealed class LambdaContextMembers
{
    private static readonly string[] ContextNames = { "TenantId", "TraceId", "Serializer" };
    private static readonly string[] LoggerNames = { "Log", "LogLine" };

    private readonly StartFacts _start;
    private readonly RunLog _log;
    private readonly object _serializer;
    private object _logger;

    internal LambdaContextMembers(StartFacts start, RunLog log, object serializer)
    {
        _start = start;
        _log = log;
        _serializer = serializer;
    }

    /// <param name="type">the package's ILambdaContext</param>
    internal object ObjectFor(Type type, RunFacts run)
    {
        return Impersonator.Create(type, ContextNames, (name, _) => name switch
        {
            "AwsRequestId" => run.RequestId,
            "InvokedFunctionArn" => run.FunctionArn,
            "RemainingTime" => TimeLeft(run),
            "FunctionName" => _start.FunctionName,
            "FunctionVersion" => _start.FunctionVersion,
            "LogGroupName" => _start.LogGroupName,
            "LogStreamName" => _start.LogStreamName,
            "MemoryLimitInMB" => _start.MemoryMb,
            "Logger" => _logger ??= LoggerFor(TypeOf(type, name)),
            "Identity" or "ClientContext" => EmptyOf(TypeOf(type, name)),
            "TraceId" => run.TraceId,
            "Serializer" => _serializer,
            _ => null,
        });
    }

    private static Type TypeOf(Type type, string property) => type.GetProperty(property).PropertyType;

    private static TimeSpan TimeLeft(RunFacts run) =>
        DateTimeOffset.FromUnixTimeMilliseconds(run.DeadlineMs) - DateTimeOffset.UtcNow;

    /// <summary>There is neither an identity nor a client that calls: all that they would say is null.</summary>
    private static object EmptyOf(Type type) => Impersonator.Create(type, Array.Empty<string>(), (_, _) => null);

    /// <summary>Its other methods lead to these.</summary>
    private object LoggerFor(Type type)
    {
        return Impersonator.Create(type, LoggerNames, (name, arguments) =>
        {
            switch (arguments.Length)
            {
                case 1 when name == "Log":
                    _log.Out.Write((string)arguments[0]);
                    break;
                case 1:
                    _log.Line("Information", null, (string)arguments[0]);
                    break;
                case 2:
                    _log.Line(arguments[0]?.ToString(), null, (string)arguments[1]);
                    break;
                case 3:
                    _log.Line(arguments[0]?.ToString(), null, (string)arguments[1], (object[])arguments[2]);
                    break;
                case 4:
                    _log.Line(arguments[0]?.ToString(), (Exception)arguments[1], (string)arguments[2], (object[])arguments[3]);
                    break;
            }
            return null;
        });
    }
}
