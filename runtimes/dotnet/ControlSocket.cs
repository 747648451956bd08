// The runtime's side of contract/frames.cjs: reads and writes whole frames on the control socket, and knows nothing of what they
// mean. Reads no further than the frame that is asked for: what the server has sent and nobody has read says that a run has not
// begun.
using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;

namespace Millrace.Host;

internal enum FrameType : byte
{
    Start = 1,
    Invoke = 2,
    Ready = 16,
    InitError = 17,
    Result = 18,
    Error = 19,
}

internal sealed class Frame
{
    internal FrameType Type;
    internal byte[] Nonce;
    internal byte[] Payload;

    /// <summary>The two parts of a payload.</summary>
    internal (ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body) Split()
    {
        var headBytes = (int)BinaryPrimitives.ReadUInt32LittleEndian(Payload);
        return (Payload.AsMemory(4, headBytes), Payload.AsMemory(4 + headBytes));
    }
}

internal sealed class ControlSocket
{
    private const int Descriptor = 3;
    private const int HeaderBytes = 13;
    private const int NonceBytes = 8;
    /// <summary>The server keeps its own limits; this one only stops a length field that is nonsense.</summary>
    private const uint IncomingLimitBytes = 256 * 1024 * 1024;

    internal ControlSocket() => Native.MakeBlocking(Descriptor);

    /// <returns>the next frame; null when the server has closed its end</returns>
    internal Frame Read()
    {
        var header = new byte[HeaderBytes];
        if (!ReadExactly(header)) return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length > IncomingLimitBytes) throw new InvalidDataException("frame of " + length + " bytes");
        var payload = new byte[length];
        if (!ReadExactly(payload)) return null;
        return new Frame
        {
            Type = (FrameType)header[4],
            Nonce = header.AsSpan(5, NonceBytes).ToArray(),
            Payload = payload,
        };
    }

    /// <summary>Whether something can be read.</summary>
    internal bool HasMore() => Native.CanRead(Descriptor);

    /// <returns>the next frame, which stays to be read; null when the server has closed its end</returns>
    internal Frame Peek()
    {
        for (var bytes = new byte[HeaderBytes]; ;)
        {
            var count = Native.Peek(Descriptor, bytes);
            if (count == 0) return null;
            if (count < bytes.Length)
            {
                // The rest is on its way.
                Thread.Sleep(1);
                continue;
            }
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            if (length > IncomingLimitBytes) throw new InvalidDataException("frame of " + length + " bytes");
            if (count == HeaderBytes + length)
                return new Frame { Type = (FrameType)bytes[4], Nonce = bytes.AsSpan(5, NonceBytes).ToArray(), Payload = bytes.AsSpan(HeaderBytes).ToArray() };
            bytes = new byte[HeaderBytes + length];
        }
    }

    internal void Send(FrameType type, byte[] nonce, ReadOnlySpan<byte> payload)
    {
        var frame = Begin(type, nonce, payload.Length);
        payload.CopyTo(frame.AsSpan(HeaderBytes));
        Native.WriteAll(Descriptor, frame);
    }

    internal void SendTwoParts(FrameType type, byte[] nonce, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var frame = Begin(type, nonce, 4 + head.Length + body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(HeaderBytes), head.Length);
        head.CopyTo(frame.AsSpan(HeaderBytes + 4));
        body.CopyTo(frame.AsSpan(HeaderBytes + 4 + head.Length));
        Native.WriteAll(Descriptor, frame);
    }

    private static byte[] Begin(FrameType type, byte[] nonce, int payloadBytes)
    {
        var frame = new byte[HeaderBytes + payloadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payloadBytes);
        frame[4] = (byte)type;
        nonce.CopyTo(frame, 5);
        return frame;
    }

    private static bool ReadExactly(byte[] into)
    {
        for (var done = 0; done < into.Length;)
        {
            var count = Native.Read(Descriptor, into.AsSpan(done));
            if (count == 0) return false;
            done += count;
        }
        return true;
    }
}
