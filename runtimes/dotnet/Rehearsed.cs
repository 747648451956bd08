// The function that is rehearsed, with the interfaces that packages bring: those of its copy, as every package has a copy of its own.
// Called by Rehearsal, by its name.
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.Core
{
    public interface ILambdaContext
    {
        string AwsRequestId { get; }
        int MemoryLimitInMB { get; }
        ILambdaLogger Logger { get; }
    }

    public interface ILambdaLogger
    {
        void LogLine(string message);
    }

    public interface ILambdaSerializer
    {
        T Deserialize<T>(Stream stream);
        void Serialize<T>(T value, Stream stream);
    }

    [System.AttributeUsage(System.AttributeTargets.Method)]
    public sealed class LambdaSerializerAttribute : System.Attribute
    {
        public System.Type SerializerType { get; }
        public LambdaSerializerAttribute(System.Type serializerType) => SerializerType = serializerType;
    }
}

namespace Millrace.Host
{
    public sealed class RehearsedSerializer : ILambdaSerializer
    {
        private static readonly JsonSerializerOptions Options = new JsonSerializerOptions { PropertyNameCaseInsensitive = true };

        public T Deserialize<T>(Stream stream) => JsonSerializer.Deserialize<T>(stream, Options);
        public void Serialize<T>(T value, Stream stream) => JsonSerializer.Serialize(stream, value, Options);
    }

    public sealed class RehearsedValue
    {
        public int Status { get; set; }
        public string Text { get; set; }
        public IDictionary<string, string> Texts { get; set; }
    }

    public sealed class Rehearsed
    {
        [LambdaSerializer(typeof(RehearsedSerializer))]
        public async Task<RehearsedValue> Handle(RehearsedValue value, ILambdaContext context)
        {
            await Task.CompletedTask;
            var texts = new Dictionary<string, string> { ["id"] = context.AwsRequestId + context.MemoryLimitInMB, ["logger"] = context.Logger.ToString() };
            return new RehearsedValue { Status = value.Status, Text = "", Texts = texts };
        }
    }
}
