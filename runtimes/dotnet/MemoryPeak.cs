// The most memory that this process has ever held. Called when an allocation fails.
using System;
using System.IO;

namespace Millrace.Host;

internal static class MemoryPeak
{
    private const string Name = "VmHWM:";

    /// <returns>0 where the kernel doesn't say</returns>
    internal static long Bytes()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (!line.StartsWith(Name, StringComparison.Ordinal)) continue;
            return long.Parse(line.Substring(Name.Length).Replace("kB", "").Trim()) * 1024;
        }
        return 0;
    }
}
