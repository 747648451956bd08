using System.IO;
using Amazon.Lambda.Core;

namespace Zoo
{
    public abstract class Abstract
    {
        public abstract string Answer();
        public string Instance() => "";
    }

    public class Generic<T>
    {
        public string Answer() => "";
    }

    public class Refused
    {
        public async void AsyncVoid() => await System.Threading.Tasks.Task.Yield();
        public string Params(params string[] texts) => "";
        public string GenericMethod<T>() => "";
        public string Three(string one, ILambdaContext two, string three) => "";
        public string Second(string one, string two) => "";
        [LambdaSerializer(typeof(NoConstructor))]
        public string Serializer(string text) => text;
        [LambdaSerializer(typeof(string))]
        public string NoSerializer(string text) => text;
    }

    public class NeedsArgument
    {
        public NeedsArgument(int _) { }
        public string Answer() => "";
    }

    public class ThrowsInConstructor
    {
        public ThrowsInConstructor() => throw new InvalidDataException("no key");
        public string Answer() => "";
    }

    public static class ThrowsInStatic
    {
        private static readonly int Length = ((string)null).Length;
        public static int Answer() => Length;
    }
}
