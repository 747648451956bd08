// Functions that are programs: a handler without `::` names an executable assembly, which brings its own loop over Lambda's Runtime API.
// runtimes/provided serves that; this process becomes it before it has read a frame. Called by HostProcess.
using System;
using System.IO;

namespace Millrace.Host;

internal static class OwnProgram
{
    /// <summary>What serves the program needs little: the function's memory is for the program.</summary>
    private const string Heap = "--max-old-space-size=64";

    /// <param name="start">the frame that comes next, unread; null: none comes</param>
    internal static void BecomeIfNamed(Frame start)
    {
        if (start == null || start.Type != FrameType.Start) return;
        var facts = StartFacts.Read(start.Payload);
        var served = (Environment.GetEnvironmentVariable("MILLRACE_PROVIDED") ?? "").Split(':');
        if (facts.Handler.Contains("::") || served.Length != 2) return;
        var name = facts.Handler.Trim();
        if (name == "" || name.Contains('/') || !File.Exists(Path.Combine(facts.TaskRoot, name + ".dll"))) return;
        Native.Become(served[0], Heap, served[1], Environment.ProcessPath, "dotnet " + Environment.Version);
    }
}
