// The calls of the C library that .NET has no words for: descriptors that are handed over, the environment that native code
// sees, the end of the process by abort. Called by ControlSocket, Output and HostProcess.
using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Millrace.Host;

internal static unsafe class Native
{
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int NonBlocking = 0x800;
    private const int Interrupted = 4;
    private const int Peeking = 2;

    private struct Polled
    {
        internal int Descriptor;
        internal short Events;
        internal short Found;
    }


    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint ReadBytes(int descriptor, byte* bytes, nint count);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint WriteBytes(int descriptor, byte* bytes, nint count);

    [DllImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static extern nint ReceiveBytes(int descriptor, byte* bytes, nint count, int flags);

    [DllImport("libc", EntryPoint = "execv", SetLastError = true)]
    private static extern int Execute(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string program,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string[] arguments);

    [DllImport("libc", EntryPoint = "poll")]
    private static extern int Poll(Polled* polled, nint count, int timeoutMs);

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int Control(int descriptor, int command, nint argument);

    [DllImport("libc", EntryPoint = "setenv")]
    internal static extern int SetVariable(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int replaces);

    [DllImport("libc", EntryPoint = "unsetenv")]
    internal static extern int UnsetVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "abort")]
    internal static extern void Abort();

    [DllImport("libc", EntryPoint = "_exit")]
    internal static extern void ExitAtOnce(int status);

    /// <summary>The server's ends don't block, and share their flags with ours.</summary>
    internal static void MakeBlocking(int descriptor)
    {
        Control(descriptor, SetFlags, Control(descriptor, GetFlags, 0) & ~NonBlocking);
    }

    /// <returns>the bytes read; 0 when the other end is closed</returns>
    internal static int Read(int descriptor, Span<byte> into)
    {
        fixed (byte* bytes = into)
        {
            nint count;
            do count = ReadBytes(descriptor, bytes, into.Length);
            while (count < 0 && Marshal.GetLastWin32Error() == Interrupted);
            // A reset connection is a closed one.
            return count < 0 ? 0 : (int)count;
        }
    }

    /// <summary>Whether a read would not wait.</summary>
    internal static bool CanRead(int descriptor)
    {
        var polled = new Polled { Descriptor = descriptor, Events = 1 };
        return Poll(&polled, 1, 0) > 0;
    }

    /// <returns>what could be read, which stays to be read; 0 when the other end is closed</returns>
    internal static int Peek(int descriptor, Span<byte> into)
    {
        fixed (byte* bytes = into)
        {
            nint count;
            do count = ReceiveBytes(descriptor, bytes, into.Length, Peeking);
            while (count < 0 && Marshal.GetLastWin32Error() == Interrupted);
            return count < 0 ? 0 : (int)count;
        }
    }

    /// <summary>Makes this process another program, which has its descriptors and its first environment. Returns only if it can't.</summary>
    internal static void Become(string program, params string[] arguments)
    {
        var all = new string[arguments.Length + 2];
        all[0] = program;
        arguments.CopyTo(all, 1);
        Execute(program, all);
        throw new IOException(program + " can't be executed: error " + Marshal.GetLastWin32Error());
    }

    /// <exception cref="IOException">the other end is closed</exception>
    internal static void WriteAll(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            for (var done = 0; done < data.Length;)
            {
                var count = WriteBytes(descriptor, bytes + done, data.Length - done);
                if (count >= 0) done += (int)count;
                else if (Marshal.GetLastWin32Error() != Interrupted)
                    throw new IOException("write: error " + Marshal.GetLastWin32Error());
            }
        }
    }
}
