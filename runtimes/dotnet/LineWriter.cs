// A writer whose lines are records of the log, and whose other text goes out as it is. Called by RunLog.
using System;
using System.IO;
using System.Text;

namespace Millrace.Host;

internal sealed class LineWriter : TextWriter
{
    private readonly TextWriter _writer;
    private readonly Action<string> _line;

    internal LineWriter(TextWriter writer, Action<string> line)
    {
        _writer = writer;
        _line = line;
        CoreNewLine = new[] { '\n' };
    }

    public override Encoding Encoding => _writer.Encoding;

    public override void Write(char value) => _writer.Write(value);
    public override void Write(string value) => _writer.Write(value);
    public override void Write(char[] buffer, int index, int count) => _writer.Write(buffer, index, count);
    public override void Write(ReadOnlySpan<char> buffer) => _writer.Write(buffer);

    public override void WriteLine() => _line("");
    public override void WriteLine(string value) => _line(value ?? "");
    public override void WriteLine(object value) => _line(value?.ToString() ?? "");
    public override void WriteLine(char value) => _line(value.ToString());
    public override void WriteLine(bool value) => _line(value.ToString());
    public override void WriteLine(int value) => _line(value.ToString(FormatProvider));
    public override void WriteLine(uint value) => _line(value.ToString(FormatProvider));
    public override void WriteLine(long value) => _line(value.ToString(FormatProvider));
    public override void WriteLine(ulong value) => _line(value.ToString(FormatProvider));
    public override void WriteLine(float value) => _line(value.ToString(FormatProvider));
    public override void WriteLine(double value) => _line(value.ToString(FormatProvider));
    public override void WriteLine(decimal value) => _line(value.ToString(FormatProvider));
    public override void WriteLine(char[] buffer) => _line(buffer == null ? "" : new string(buffer));
    public override void WriteLine(char[] buffer, int index, int count) => _line(new string(buffer, index, count));
    public override void WriteLine(ReadOnlySpan<char> buffer) => _line(new string(buffer));
    public override void WriteLine(StringBuilder value) => _line(value?.ToString() ?? "");
    public override void WriteLine(string format, object arg0) => _line(string.Format(FormatProvider, format, arg0));
    public override void WriteLine(string format, object arg0, object arg1) => _line(string.Format(FormatProvider, format, arg0, arg1));
    public override void WriteLine(string format, object arg0, object arg1, object arg2) =>
        _line(string.Format(FormatProvider, format, arg0, arg1, arg2));
    public override void WriteLine(string format, params object[] arg) => _line(string.Format(FormatProvider, format, arg));
}
