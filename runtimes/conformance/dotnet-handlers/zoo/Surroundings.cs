using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Amazon.Lambda.Core;

namespace Zoo
{
    public class Surroundings
    {
        [DllImport("libc")]
        private static extern IntPtr getenv(string name);

        public Dictionary<string, object> Context(ILambdaContext context) => new Dictionary<string, object>
        {
            ["texts"] = new object[]
            {
                context.AwsRequestId, context.FunctionName, context.FunctionVersion, context.MemoryLimitInMB,
                context.InvokedFunctionArn, context.LogGroupName, context.LogStreamName,
            },
            ["empty"] = new object[]
            {
                context.Identity.IdentityId, context.ClientContext.Custom, context.TenantId, context.TraceId,
                context.OfALaterVersion, context.NumberOfALaterVersion, context.UsualOfALaterVersion,
            },
            ["serializer"] = context.Serializer.GetType().Name,
            ["left"] = context.RemainingTime.TotalMilliseconds,
        };

        public Dictionary<string, object> Process() => new Dictionary<string, object>
        {
            ["environment"] = Environment.GetEnvironmentVariables(),
            ["native"] = new[] { "GREETING", "LEFT_OVER", "DOTNET_GCHeapHardLimit" }.Select(name => Marshal.PtrToStringUTF8(getenv(name))),
            ["folder"] = Directory.GetCurrentDirectory(),
            ["base"] = AppContext.BaseDirectory,
            ["culture"] = CultureInfo.CurrentCulture.Name,
            ["zone"] = TimeZoneInfo.Local.BaseUtcOffset.TotalMinutes,
            ["temporary"] = Directory.GetFileSystemEntries("/tmp").Where(name => name.Contains("dotnet") || name.Contains("clr")),
            ["heap"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        };

        public string Prints()
        {
            Console.WriteLine("one");
            Console.Write("no end");
            Console.WriteLine();
            Console.WriteLine("two\nlines {0}", 2);
            Console.Error.WriteLine("error");
            return "printed";
        }

        public string Logs(ILambdaContext context)
        {
            var logger = context.Logger;
            logger.Log("as it is\n");
            logger.LogLine("a line");
            logger.LogDebug("hidden");
            logger.LogInformation("seen");
            logger.LogWarning("sale {id} of {{0}} at {price:0.00}", 7, 1.5);
            logger.LogError(new SaleException("wrong"), "failed");
            LambdaLogger.Log("static");
            LambdaLogger.Log("Critical", "worst {0} {1}", "a", "b");
            return "logged";
        }

        public int Floods(int lines)
        {
            var text = new string('f', 99);
            for (var line = 0; line < lines; line++) Console.Write(text + "\n");
            return lines;
        }

        public string Child(string program)
        {
            var start = new ProcessStartInfo(program, "from-a-child") { RedirectStandardOutput = true };
            using var child = System.Diagnostics.Process.Start(start);
            return child.StandardOutput.ReadToEnd().Trim();
        }

        public string Web() => System.Reflection.Assembly.Load("Microsoft.AspNetCore.Http.Abstractions").GetName().Name;
    }
}
