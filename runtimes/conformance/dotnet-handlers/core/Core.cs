// An Amazon.Lambda.Core for the functions of the tests: the interfaces that packages refer to, with a member of a later version that
// nobody knows, with and without a usual answer.
using System;
using System.Collections.Generic;
using System.IO;

namespace Amazon.Lambda.Core
{
    public interface ILambdaContext
    {
        string AwsRequestId { get; }
        IClientContext ClientContext { get; }
        string FunctionName { get; }
        string FunctionVersion { get; }
        ICognitoIdentity Identity { get; }
        string InvokedFunctionArn { get; }
        ILambdaLogger Logger { get; }
        string LogGroupName { get; }
        string LogStreamName { get; }
        int MemoryLimitInMB { get; }
        TimeSpan RemainingTime { get; }
        string TenantId => string.Empty;
        string TraceId => string.Empty;
        ILambdaSerializer Serializer => null;
        string OfALaterVersion { get; }
        long NumberOfALaterVersion { get; }
        string UsualOfALaterVersion => "usual";
    }

    public interface IClientContext
    {
        IDictionary<string, string> Environment { get; }
        IDictionary<string, string> Custom { get; }
    }

    public interface ICognitoIdentity
    {
        string IdentityId { get; }
        string IdentityPoolId { get; }
    }

    public enum LogLevel { Trace, Debug, Information, Warning, Error, Critical }

    public interface ILambdaLogger
    {
        void Log(string message);
        void LogLine(string message);
        void Log(string level, string message) => LogLine(message);
        void Log(LogLevel level, string message) => Log(level.ToString(), message);
        void LogInformation(string message) => Log(LogLevel.Information.ToString(), message);
        void LogDebug(string message) => Log(LogLevel.Debug.ToString(), message);
        void Log(string level, string message, params object[] args) => Log(level, message, args);
        void Log(string level, Exception exception, string message, params object[] args) => Log(level, message, args);
        void LogWarning(string message, params object[] args) => Log(LogLevel.Warning.ToString(), message, args);
        void LogError(Exception exception, string message, params object[] args) => Log(LogLevel.Error.ToString(), exception, message, args);
    }

    public interface ILambdaSerializer
    {
        T Deserialize<T>(Stream requestStream);
        void Serialize<T>(T response, Stream responseStream);
    }

    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Assembly)]
    public sealed class LambdaSerializerAttribute : Attribute
    {
        public Type SerializerType { get; set; }
        public LambdaSerializerAttribute(Type serializerType) => SerializerType = serializerType;
    }

    public static class LambdaLogger
    {
        private static Action<string> _loggingAction = Console.WriteLine;
        private static Action<string, string, object[]> _loggingWithLevelAction = (_, message, _) => Console.WriteLine(message);

        public static string LogOf() => "";
        public static void Log(string message) => _loggingAction(message);
        public static void Log(string level, string message, params object[] args) => _loggingWithLevelAction(level, message, args);
    }
}
