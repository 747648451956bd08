// What every function needs once, done before there is one: a sandbox in stock has the time. Called by Program.
using System;
using System.IO;
using System.Text;

namespace Millrace.Host;

public static class Rehearsal
{
    /// <summary>Of another name than anything in a package.</summary>
    public interface IRehearsed
    {
        string Text { get; }
        int Number(string name, params object[] arguments);
    }

    internal static void Run()
    {
        var start = Encoding.ASCII.GetBytes("{\"handler\":\"\",\"taskRoot\":\"\",\"functionName\":\"\",\"functionVersion\":\"\",\"memoryMb\":1,"
            + "\"logGroupName\":\"\",\"logStreamName\":\"\",\"resultLimitBytes\":1,\"env\":{\"A\":\"\"}}");
        StartFacts.Read(start);
        RunFacts.Read(Encoding.ASCII.GetBytes("{\"requestId\":\"\",\"deadlineMs\":1,\"functionArn\":\"\"}"));
        var made = (IRehearsed)Impersonator.Create(typeof(IRehearsed), Array.Empty<string>(), (_, _) => null);
        _ = made.Text + made.Number("");
        new RunLog(new Output()).Rehearse();
    }
}
