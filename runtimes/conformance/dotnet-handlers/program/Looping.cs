// An executable assembly with a loop of its own, as Amazon.Lambda.RuntimeSupport is one.
using System;
using System.Linq;
using System.Net.Http;
using System.Text.Json;

var api = $"http://{Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")}/2018-06-01/runtime/invocation";
using var client = new HttpClient { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
for (var count = 1; ; count++)
{
    var next = client.GetAsync(api + "/next").Result;
    var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();
    Console.WriteLine("call " + count);
    var answer = JsonSerializer.Serialize(new
    {
        statusCode = 200,
        body = JsonSerializer.Serialize(new[] { count, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20 }),
    });
    _ = client.PostAsync($"{api}/{id}/response", new StringContent(answer)).Result;
}
