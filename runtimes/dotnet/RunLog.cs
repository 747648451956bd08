// The lines that the function's code writes, as Lambda's client makes them: `time <tab> run id <tab> level <tab> text`, or JSON where
// AWS_LAMBDA_LOG_FORMAT asks for that. Console, ILambdaLogger and the static LambdaLogger lead here. Called by HostProcess.
using System;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text;

namespace Millrace.Host;

internal sealed class RunLog
{
    private static readonly string[] Levels = { "Trace", "Debug", "Information", "Warning", "Error", "Critical" };
    private static readonly string[] Labels = { "trce", "dbug", "info", "warn", "fail", "crit" };
    private const int Usual = 2;

    private readonly Output _output;
    private int _least = Usual;
    private bool _isJson;
    private bool _hasPrefix = true;

    /// <summary>What Console.Out and Console.Error become.</summary>
    internal readonly TextWriter Out;
    internal readonly TextWriter Error;

    /// <summary>Of the run in hand, or of the last one.</summary>
    internal string RequestId;

    internal RunLog(Output output)
    {
        _output = output;
        Out = TextWriter.Synchronized(new LineWriter(output.Out, text => Line("Information", null, text)));
        Error = TextWriter.Synchronized(new LineWriter(output.Error, text => LineTo(output.Error, "Error", null, text, Array.Empty<object>())));
    }

    /// <summary>Reads the environment, once it is the function's.</summary>
    internal void Configure()
    {
        var level = Variable("AWS_LAMBDA_HANDLER_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL").ToLowerInvariant();
        var named = level switch { "fatal" => "critical", "warn" => "warning", "info" => "information", _ => level };
        var at = Array.FindIndex(Levels, one => one.Equals(named, StringComparison.OrdinalIgnoreCase));
        _least = at < 0 ? Usual : at;
        var format = Variable("AWS_LAMBDA_HANDLER_LOG_FORMAT", "AWS_LAMBDA_LOG_FORMAT");
        _isJson = format.Equals("json", StringComparison.OrdinalIgnoreCase);
        _hasPrefix = !format.Equals("unformatted", StringComparison.OrdinalIgnoreCase);
    }

    internal void Line(string level, Exception error, string text, params object[] arguments) =>
        LineTo(_output.Out, level, error, text, arguments ?? Array.Empty<object>());

    /// <summary>An exception that the code of the function didn't catch.</summary>
    internal void Unhandled(Exception error)
    {
        try
        {
            Line("Error", error, null);
        }
        catch (IOException)
        {
            // Nobody reads any more; the error itself is still answered.
        }
    }

    /// <summary>Lets the static LambdaLogger of the package's Amazon.Lambda.Core write here.</summary>
    internal void TakeOver(Assembly loaded)
    {
        if (loaded.IsDynamic || loaded.GetName().Name != "Amazon.Lambda.Core") return;
        var logger = loaded.GetType("Amazon.Lambda.Core.LambdaLogger");
        Set("_loggingAction", (Action<string>)(text => Line("Information", null, text)));
        Set("_loggingWithLevelAction", (Action<string, string, object[]>)((level, text, arguments) => Line(level, null, text, arguments)));
        Set(
            "_loggingWithLevelAndExceptionAction",
            (Action<string, Exception, string, object[]>)((level, error, text, arguments) => Line(level, error, text, arguments)));

        void Set(string name, Delegate action)
        {
            var field = logger?.GetField(name, BindingFlags.NonPublic | BindingFlags.Static);
            if (field != null && field.FieldType.IsInstanceOfType(action)) field.SetValue(null, action);
        }
    }

    /// <summary>Makes a line that goes nowhere.</summary>
    internal void Rehearse() => LineTo(TextWriter.Null, "Information", null, "", Array.Empty<object>());

    private void LineTo(TextWriter writer, string level, Exception error, string text, object[] arguments)
    {
        var at = Array.FindIndex(Levels, one => one.Equals(level, StringComparison.OrdinalIgnoreCase));
        if (at >= 0 && at < _least) return;
        var message = LogTemplate.Fill(text ?? "", arguments);
        var line = _isJson
            ? JsonLine.Of(Levels[Math.Max(0, at)], RequestId, message, LogTemplate.Named(text ?? "", arguments), error)
            : TextLine(Labels[Math.Max(0, at)], message, error);
        lock (writer) writer.WriteLine(line);
    }

    /// <summary>One record is one line: its parts are held together by carriage returns, as those of Node are.</summary>
    private string TextLine(string label, string message, Exception error)
    {
        var line = new StringBuilder();
        if (_hasPrefix)
        {
            var time = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            line.Append(time).Append('\t').Append(RequestId).Append('\t').Append(label).Append('\t');
        }
        line.Append(message);
        if (error != null)
        {
            if (message != "") line.Append('\n');
            line.Append(TextOf(error));
        }
        return line.Replace("\r\n", "\r").Replace('\n', '\r').ToString();
    }

    /// <summary>What ToString says of an exception, without the frames that are none of the function's.</summary>
    internal static string TextOf(Exception error)
    {
        if (error is Fault) return ErrorObject.KindOf(error) + ": " + error.Message;
        try
        {
            var text = error.ToString();
            var frames = error.StackTrace;
            return string.IsNullOrEmpty(frames) ? text : text.Replace(frames, ErrorObject.OwnTrace(frames)).TrimEnd();
        }
        catch (Exception)
        {
            // The code of a function wrote its ToString.
            return ErrorObject.KindOf(error) + ": " + ErrorObject.MessageOf(error);
        }
    }

    private static string Variable(string name, string other)
    {
        var value = Environment.GetEnvironmentVariable(name);
        return (string.IsNullOrEmpty(value) ? Environment.GetEnvironmentVariable(other) : value) ?? "";
    }
}
