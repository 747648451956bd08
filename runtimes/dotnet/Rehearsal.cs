// What every function needs once, done before there is one: a sandbox in stock has the time. A function of this very assembly is
// loaded and called as the real one will be; what is compiled and looked up for it is there then. Called by Program.
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Millrace.Host;

internal static class Rehearsal
{
    private const string Start = "{\"handler\":\"millrace-host::Millrace.Host.Rehearsed::Handle\",\"taskRoot\":\"\",\"functionName\":\"\","
        + "\"functionVersion\":\"\",\"memoryMb\":1,\"logGroupName\":\"\",\"logStreamName\":\"\",\"resultLimitBytes\":1000,\"env\":{\"A\":\"\"}}";
    private const string Run = "{\"requestId\":\"r\",\"deadlineMs\":1,\"functionArn\":\"\"}";

    /// <param name="isWaiting">whether nothing is asked of this process yet; looked at between the steps</param>
    internal static void RunWhile(Func<bool> isWaiting)
    {
        foreach (var _ in Steps())
        {
            if (!isWaiting()) return;
        }
    }

    private static IEnumerable<bool> Steps()
    {
        // Nothing is done where the first frame is there already.
        yield return true;
        var start = StartFacts.Read(Encoding.ASCII.GetBytes(Start));
        start.TaskRoot = AppContext.BaseDirectory.TrimEnd('/');
        var run = RunFacts.Read(Encoding.ASCII.GetBytes(Run));
        var log = new RunLog(new Output());
        log.Rehearse();
        yield return true;
        var handler = FunctionHandler.Load(start, log, _ => { });
        yield return true;
        handler.Call(run, Encoding.ASCII.GetBytes("{\"a\":{\"b\":[1,true,null,\"c\"]}}"));
        yield return true;
        ErrorObject.Of(new IOException("rehearsed", new InvalidOperationException()));
        RunLog.TextOf(new IOException());
        LogTemplate.Fill("{a} {0:1}", new object[] { 1, 2 });
    }
}
