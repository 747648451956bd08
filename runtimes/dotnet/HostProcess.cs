// The life of a runtime's process: waits for START, loads the handler, then takes one run after another.
//
//   waiting --START--> loading --loaded--> ready --INVOKE--> running --answered--> ready ...
//                         |
//                         v
//                 INIT_ERROR, exit
using System;
using System.Collections;
using System.IO;
using System.Runtime.Loader;
using System.Text;

namespace Millrace.Host;

internal sealed class HostProcess
{
    private const int ExitInitError = 1;
    /// <summary>The server broke the contract; what it then says can't be trusted to be about this run.</summary>
    private const int ExitBrokenContract = 70;

    private readonly ControlSocket _control;
    private readonly Output _output;
    private readonly RunLog _log;
    private StartFacts _start;
    private FunctionHandler _handler;

    internal HostProcess(ControlSocket control, Output output, RunLog log)
    {
        _control = control;
        _output = output;
        _log = log;
    }

    /// <summary>Returns when the server closes its end; the code of the function may end the process before.</summary>
    internal void Run()
    {
        OwnProgram.BecomeIfNamed(_control.Peek());
        var frame = _control.Read();
        if (frame == null) Environment.Exit(0);
        if (frame.Type != FrameType.Start) EndBroken("frame of type " + (int)frame.Type + " in place of START");
        Load(frame);
        for (frame = _control.Read(); frame != null; frame = _control.Read())
        {
            if (frame.Type != FrameType.Invoke) EndBroken("frame of type " + (int)frame.Type + " while ready");
            RunOnce(frame);
        }
        // Threads of the function's must not keep the process, nor its code have the last word.
        Native.ExitAtOnce(0);
    }

    private void Load(Frame frame)
    {
        try
        {
            _start = StartFacts.Read(frame.Payload);
            Enter(_start);
            _log.Configure();
            Console.SetOut(_log.Out);
            Console.SetError(_log.Error);
            _handler = FunctionHandler.Load(_start, _log, Open);
        }
        catch (Exception error)
        {
            EndIfOutOfMemory(error);
            _log.Unhandled(error);
            _control.Send(FrameType.InitError, frame.Nonce, ErrorObject.Of(error));
            Environment.Exit(ExitInitError);
        }
        var engine = "{\"engine\":\"dotnet " + Environment.Version + "\"}";
        _control.Send(FrameType.Ready, frame.Nonce, Encoding.UTF8.GetBytes(engine));
    }

    private void RunOnce(Frame frame)
    {
        var (head, body) = frame.Split();
        var run = RunFacts.Read(head);
        _log.RequestId = run.RequestId;
        // By which Lambda's tools know the trace; null takes it away.
        Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", run.TraceId);
        ReadOnlyMemory<byte> result;
        try
        {
            result = _handler.Call(run, body);
        }
        catch (Exception error)
        {
            EndIfOutOfMemory(error);
            _log.Unhandled(error);
            _control.SendTwoParts(FrameType.Error, frame.Nonce, _output.Counts(), ErrorObject.Of(error));
            return;
        }
        _control.SendTwoParts(FrameType.Result, frame.Nonce, _output.Counts(), result.Span);
    }

    private void Open(FunctionAssemblies assemblies)
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => _log.TakeOver(loaded.LoadedAssembly);
        // What asks for an assembly by its name alone, as Assembly.Load does, shall find the function's.
        AssemblyLoadContext.Default.Resolving += (_, wanted) => assemblies.LoadFromAssemblyName(wanted);
    }

    /// <summary>Makes the process the function's own: its folder and its environment, for .NET and for native code.</summary>
    private static void Enter(StartFacts start)
    {
        Directory.SetCurrentDirectory(start.TaskRoot);
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", start.TaskRoot + "/");
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            Environment.SetEnvironmentVariable((string)variable.Key, null);
            Native.UnsetVariable((string)variable.Key);
        }
        foreach (var (name, value) in start.Variables)
        {
            Environment.SetEnvironmentVariable(name, value);
            // A variable without a value is none for .NET, and may be one for others.
            Native.SetVariable(name, value, 1);
        }
    }

    /// <summary>
    /// The heap has reached its limit: nothing can be relied on any more. An abort with this much memory in use is what the server
    /// takes for it. One single thing that is far too large leaves the heap as it was, and is an error like any other.
    /// </summary>
    private void EndIfOutOfMemory(Exception error)
    {
        if (error is not OutOfMemoryException || MemoryPeak.Bytes() < 0.7 * _start.MemoryMb * 1024 * 1024) return;
        _output.Error.Write("millrace runtime: the heap is full\n");
        Native.Abort();
    }

    private void EndBroken(string reason)
    {
        _output.Error.Write("millrace runtime: " + reason + "\n");
        Native.ExitAtOnce(ExitBrokenContract);
    }
}
