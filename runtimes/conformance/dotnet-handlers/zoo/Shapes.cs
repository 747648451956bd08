using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Amazon.Lambda.Core;

namespace Zoo
{
    public class Order
    {
        public string Name { get; set; }
        public decimal Price { get; set; }
    }

    public class Shapes
    {
        private int _count;

        public Order Reprice(Order order) => new Order { Name = order.Name, Price = order.Price * 2 };
        public string WithContext(JsonElement _, ILambdaContext context) => context.AwsRequestId;
        public string ContextOnly(ILambdaContext context) => context.FunctionName;
        public string Nothing() => "nothing";
        public void Silent(string text) { }
        public async Task<string> Later(string text)
        {
            await Task.Delay(5);
            return text + " later";
        }
        public async Task LaterSilent(string text) => await Task.Yield();
        public async ValueTask<int> LaterValue(int number)
        {
            await Task.Yield();
            return number + 1;
        }
        public static string Static(string text) => text + " static";
        private string Hidden(string text) => text + " hidden";
        public int Count() => ++_count;
        public Stream Streams(Stream input)
        {
            var text = new StreamReader(input).ReadToEnd();
            return new MemoryStream(Encoding.UTF8.GetBytes($"{{\"length\":{text.Length}}}"));
        }
        public Stream NoStream(Stream input) => null;
        public async Task<Stream> LaterStream(Stream input)
        {
            await Task.Yield();
            return input;
        }
        [LambdaSerializer(typeof(Shouting))]
        public string Shouted(string text) => text;
        public int? Missing(string text) => null;
        public string Unicode(string text) => "hé\u2028\U0001f600" + text;
        public double NotANumber(string text) => double.NaN;
        public Stream NotJson(Stream input) => new MemoryStream(Encoding.UTF8.GetBytes("not json"));
        public Stream NotText(Stream input) => new MemoryStream(new byte[] { 34, 0xff, 34 });
        public string Large(int size) => new string('x', size);
        public int Over(int number) => number;
        public int Over(string text) => 7;
        public string Echo(JsonElement value) => value.GetRawText().Length.ToString();
        public JsonElement Same(JsonElement value) => value;
    }

    public class Inherits : Shapes { }

    public struct Struct
    {
        public string Answer() => "struct";
    }

    public static class AllStatic
    {
        public static readonly List<string> Loaded = new List<string> { "loaded" };
        public static string Answer() => Loaded[0];
    }
}
