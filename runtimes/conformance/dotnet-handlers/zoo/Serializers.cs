using System;
using System.IO;
using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;

[assembly: LambdaSerializer(typeof(Zoo.JsonOf))]

namespace Zoo
{
    public class JsonOf : ILambdaSerializer
    {
        public T Deserialize<T>(Stream stream) => JsonSerializer.Deserialize<T>(stream);
        public void Serialize<T>(T value, Stream stream) => JsonSerializer.Serialize(stream, value);
    }

    public class Shouting : ILambdaSerializer
    {
        public T Deserialize<T>(Stream stream) => JsonSerializer.Deserialize<T>(stream);
        public void Serialize<T>(T value, Stream stream) => stream.Write(Encoding.UTF8.GetBytes($"\"{value}!\""));
    }

    public class NoConstructor : Shouting
    {
        public NoConstructor(int _) { }
    }
}
