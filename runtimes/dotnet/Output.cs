// Standard output and error of the function's code, unbuffered, and how many bytes each has had: by that the server knows when it
// holds all output of a run. What child processes and native code write is not counted.
using System;
using System.IO;
using System.Text;
using System.Threading;

namespace Millrace.Host;

internal sealed class Output
{
    private readonly CountedStream _out = new CountedStream(1);
    private readonly CountedStream _error = new CountedStream(2);

    internal TextWriter Out { get; }
    internal TextWriter Error { get; }

    internal Output()
    {
        Out = WriterOf(_out);
        Error = WriterOf(_error);
    }

    /// <returns>the head of an outcome</returns>
    internal byte[] Counts() =>
        Encoding.ASCII.GetBytes("{\"stdoutBytes\":" + _out.Written + ",\"stderrBytes\":" + _error.Written + "}");

    private static TextWriter WriterOf(Stream stream)
    {
        // What is no text becomes U+FFFD.
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new StreamWriter(stream, encoding, 1024) { AutoFlush = true, NewLine = "\n" };
    }

    private sealed class CountedStream : Stream
    {
        private readonly int _descriptor;
        private long _written;

        internal CountedStream(int descriptor)
        {
            _descriptor = descriptor;
            Native.MakeBlocking(descriptor);
        }

        internal long Written => Interlocked.Read(ref _written);

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            Native.WriteAll(_descriptor, bytes);
            Interlocked.Add(ref _written, bytes.Length);
        }
    }
}
